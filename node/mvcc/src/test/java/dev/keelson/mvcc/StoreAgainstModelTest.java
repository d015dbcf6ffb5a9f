package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.outcome;
import static dev.keelson.mvcc.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.LeaseKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store and the model do the same random things; everything they answer and keep must agree. */
class StoreAgainstModelTest {

    private static final int ROUNDS = 700;

    /** What the model was after each write of the backend that a crash may lose, oldest first. */
    private final Deque<ModelStore> models = new ArrayDeque<>();

    private SplittableRandom random = new SplittableRandom(0);
    private InMemoryBackend backend = new InMemoryBackend();
    private MvccStore store = MvccStore.open(backend);
    private ModelStore model = new ModelStore();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyAnswerAndEveryRowAgrees(long seed) {
        random = new SplittableRandom(seed);
        var requests = new RandomRequests(random);
        grantLeases();
        for (int round = 0; round < ROUNDS; round++) {
            switch (random.nextInt(20)) {
                case 0 -> compact();
                case 1, 2 -> step();
                case 3 -> store = MvccStore.open(backend);
                case 4 -> flush();
                case 5 -> crash();
                case 6 -> revoke();
                default -> write(requests);
            }
            read(requests);
            if (round % 10 == 0) {
                checkHashes();
                finishAndCheckRows();
            }
        }
    }

    private void grantLeases() {
        StoreBatch batch = store.begin();
        for (long lease = 1; lease < RandomRequests.LEASES; lease++) {
            batch.putLease(lease, Requests.NONE);
            model.leases.add(lease);
        }
        batch.commit();
        flush();
    }

    private void flush() {
        backend.flush();
        models.clear();
        models.add(model.copy());
    }

    private void crash() {
        int lost = random.nextInt(backend.unflushedWrites() + 1);
        backend = backend.crash(lost);
        store = MvccStore.open(backend);
        for (int i = 0; i < lost; i++) {
            models.removeLast();
        }
        model = models.getLast().copy();
        flush();
    }

    private void written() {
        models.add(model.copy());
        assertThat(models).as("one model for each write").hasSize(backend.unflushedWrites() + 1);
    }

    private void write(RandomRequests requests) {
        StoreBatch batch = store.begin();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            Operation operation = requests.any(model.revision);
            String expected = outcome(
                    () -> operation instanceof RangeRequest range ? model.range(range) : model.apply(operation));
            assertThat(outcome(() -> apply(batch, operation)))
                    .as("%s", operation)
                    .isEqualTo(expected);
        }
        batch.commit();
        written();
    }

    private static OperationResult apply(StoreBatch batch, Operation operation) {
        return switch (operation) {
            case PutRequest put -> batch.put(put);
            case DeleteRangeRequest delete -> batch.deleteRange(delete);
            case RangeRequest range -> batch.range(range);
            case TxnRequest txn -> batch.txn(txn);
        };
    }

    private void revoke() {
        long lease = random.nextLong(1, RandomRequests.LEASES);
        List<Operation> deletes = new ArrayList<>();
        for (KeyValue kv : model.liveAt(model.revision, new byte[] {0}, new byte[] {0})) {
            if (kv.lease() == lease) {
                deletes.add(new DeleteRangeRequest(kv.key(), Requests.NONE, false));
            }
        }
        OperationResult expected = model.apply(new TxnRequest(List.of(), deletes, List.of()));
        StoreBatch batch = store.begin();
        DeleteRangeResult result = batch.revokeLease(lease);
        batch.putLease(lease, Requests.NONE);
        batch.commit();
        written();
        assertThat(result.revision()).isEqualTo(expected.revision());
        assertThat(result.deleted()).isEqualTo(deletes.size());
    }

    private void compact() {
        long revision = random.nextLong(model.revision - 5, model.revision + 2);
        StoreBatch batch = store.begin();
        assertThat(outcome(() -> new PutResult(batch.compact(revision), null)))
                .isEqualTo(outcome(() -> new PutResult(model.compact(revision), null)));
        batch.commit();
        written();
    }

    private void step() {
        Compaction compaction = store.pendingCompaction();
        if (compaction != null) {
            int before = backend.unflushedWrites();
            compaction.step(random.nextInt(1, 5));
            if (backend.unflushedWrites() > before) {
                written();
            }
        }
    }

    private void read(RandomRequests requests) {
        try (ReadView view = store.view()) {
            assertThat(view.revision()).isEqualTo(model.revision);
            assertThat(view.compactRevision()).isEqualTo(model.compactRevision);
            for (int i = 0; i < 3; i++) {
                RangeRequest range = requests.range(model.revision);
                assertThat(outcome(() -> view.range(range)))
                        .as("%s", range)
                        .isEqualTo(outcome(() -> model.range(range)));
            }
        }
    }

    private void checkHashes() {
        try (ReadView view = store.view()) {
            for (long revision = Math.max(model.compactRevision, model.revision - 8);
                    revision <= model.revision;
                    revision++) {
                assertThat(view.hashKv(revision)).isEqualTo(ModelHash.of(model, revision));
            }
        }
    }

    private void finishAndCheckRows() {
        for (Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
            next.step(3);
        }
        model.finishCompaction();
        flush();
        checkHashes();
        List<String> expected = new ArrayList<>();
        model.changes.forEach(
                change -> expected.add(text(ModelHash.revisionKey(change)) + " " + text(ModelHash.row(change))));
        assertThat(rows(Family.HISTORY)).isEqualTo(expected);
        assertThat(rows(Family.VERSIONS)).hasSameSizeAs(expected);
        assertThat(rows(Family.LEASE_KEYS)).isEqualTo(expectedLeaseKeys());
        assertThat(rows(Family.KEYS)).hasSize(Math.toIntExact(store.keys()));
        assertThat(store.sizeInUseBytes() - MvccStore.EMPTY_BYTES)
                .isEqualTo(bytes(Family.KEYS) + bytes(Family.HISTORY) + bytes(Family.VERSIONS));
        assertThat(store.sizeBytes()).isGreaterThanOrEqualTo(store.sizeInUseBytes());
    }

    private List<String> expectedLeaseKeys() {
        List<String> expected = new ArrayList<>();
        List<KeyValue> live = model.liveAt(model.revision, new byte[] {0}, new byte[] {0});
        live.sort(Comparator.comparingLong(KeyValue::lease));
        for (KeyValue kv : live) {
            if (kv.lease() != 0) {
                expected.add(text(LeaseKey.of(kv.lease(), kv.key())) + " ");
            }
        }
        return expected;
    }

    private List<String> rows(Family family) {
        List<String> rows = new ArrayList<>();
        try (Cursor cursor = backend.ascend(family, Requests.NONE, null)) {
            for (; cursor.isValid(); cursor.next()) {
                rows.add(text(cursor.key()) + " " + text(cursor.value()));
            }
        }
        return rows;
    }

    private long bytes(Family family) {
        return rows(family).stream()
                .mapToLong(row -> Objects.requireNonNull(row).length() - 1L)
                .sum();
    }
}
