package dev.keelson.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.key.RevisionKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StoreImportTest {

    private static final byte[] LOWEST = {};

    private final TestStore source = new TestStore();
    private final InMemoryBackend target = new InMemoryBackend();

    /** Imports the history of the source into the target and opens it. */
    private MvccStore imported() {
        var store = new StoreImport(target);
        try (ReadView view = source.store.view()) {
            try (Cursor history = view.rows().ascend(Family.HISTORY, LOWEST, null)) {
                for (; history.isValid(); history.next()) {
                    store.history(history.key(), history.value());
                }
            }
            view.leases(0, 10).forEach(store::lease);
            store.finish(view.compactRevision(), view.finishedCompactRevision());
        }
        return MvccStore.open(target);
    }

    private static List<String> rows(InMemoryBackend backend) {
        var rows = new ArrayList<String>();
        for (Family family : List.of(Family.KEYS, Family.HISTORY, Family.VERSIONS, Family.LEASES, Family.LEASE_KEYS)) {
            try (Cursor cursor = backend.ascend(family, LOWEST, null)) {
                for (; cursor.isValid(); cursor.next()) {
                    rows.add(family + HexFormat.of().formatHex(cursor.key()) + "="
                            + HexFormat.of().formatHex(cursor.value()));
                }
            }
        }
        return rows;
    }

    private void writeSomething() {
        source.write(batch -> {
            batch.putLease(7, new LeaseRow(7, 100, 0, 3).write());
            return 7;
        });
        source.with("a=1", "a=2", "b=1", "c=1");
        source.put(Requests.put("d", "1", 7));
        source.put(Requests.put("a", "3", 7));
        source.with("d=2");
        source.delete("b", "c\0");
    }

    @Test
    void aStoreMadeOfTheHistoryHasTheRowsOfTheStoreThatWroteIt() {
        writeSomething();

        MvccStore store = imported();

        assertThat(rows(target)).isEqualTo(rows(source.backend));
        assertThat(store.revision()).isEqualTo(source.store.revision());
        assertThat(store.keys()).isEqualTo(source.store.keys());
        assertThat(store.sizeInUseBytes()).isEqualTo(source.store.sizeInUseBytes());
    }

    @Test
    void aCompactedHistoryHasTheSameHashAtEveryRevision() {
        writeSomething();
        source.compactFully(6);
        source.with("e=1");

        MvccStore store = imported();

        assertThat(store.compactRevision()).isEqualTo(6);
        assertThat(store.finishedCompactRevision()).isEqualTo(6);
        for (long revision = 6; revision <= store.revision(); revision++) {
            assertThat(hash(store, revision)).isEqualTo(hash(source.store, revision));
        }
    }

    @Test
    void aCompactionThatWasUnderWayGoesOn() {
        writeSomething();
        source.compact(6);
        Objects.requireNonNull(source.store.pendingCompaction()).step(1);

        MvccStore store = imported();
        for (Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
            next.step(1);
        }

        assertThat(store.finishedCompactRevision()).isEqualTo(6);
        assertThat(hash(store, 7)).isEqualTo(hash(source.store, 7));
    }

    @Test
    void theRevisionOfACompactionCountsWhenNothingIsLeftOfIt() {
        new StoreImport(target).finish(12, 12);

        assertThat(MvccStore.open(target).revision()).isEqualTo(12);
    }

    @Test
    void anEmptyRowRaisesTheRevision() {
        writeSomething();
        var store = new StoreImport(target);
        store.history(RevisionKey.ofPut(100, 0), LOWEST);
        store.finish(100, MvccStore.NEVER_COMPACTED);

        assertThat(MvccStore.open(target).revision()).isEqualTo(100);
    }

    @Test
    void revisionsOutOfOrderAreNotTaken() {
        var store = new StoreImport(target);
        store.history(RevisionKey.ofPut(3, 1), LOWEST);

        assertThatThrownBy(() -> store.history(RevisionKey.ofPut(3, 1), LOWEST)).isInstanceOf(InvariantViolation.class);
    }

    private static int hash(MvccStore store, long revision) {
        try (ReadView view = store.view()) {
            return view.hashKv(revision).hash();
        }
    }
}
