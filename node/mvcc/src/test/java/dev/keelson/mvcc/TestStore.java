package dev.keelson.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.backend.InMemoryBackend;
import java.util.function.Function;

/** A store in memory whose operations are batches of their own. */
final class TestStore {

    final InMemoryBackend backend;
    final MvccStore store;

    TestStore() {
        this(new InMemoryBackend());
    }

    TestStore(InMemoryBackend backend) {
        this.backend = backend;
        this.store = MvccStore.open(backend);
    }

    <T> T write(Function<StoreBatch, T> operation) {
        StoreBatch batch = store.begin();
        try {
            return operation.apply(batch);
        } finally {
            batch.commit();
        }
    }

    /** Puts each {@code key=value} in a revision of its own. */
    TestStore with(String... rows) {
        for (String row : rows) {
            int split = row.indexOf('=');
            put(Requests.put(row.substring(0, split), row.substring(split + 1)));
        }
        return this;
    }

    PutResult put(PutRequest request) {
        return write(batch -> batch.put(request));
    }

    DeleteRangeResult delete(String key, String end) {
        return write(batch -> batch.deleteRange(Requests.delete(key, end)));
    }

    TxnResult txn(TxnRequest request) {
        return write(batch -> batch.txn(request));
    }

    long compact(long revision) {
        return write(batch -> batch.compact(revision));
    }

    /** Compacts and removes everything superseded. */
    void compactFully(long revision) {
        long _ = compact(revision);
        for (Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
            next.step(1);
        }
    }

    void grant(long lease) {
        write(batch -> {
            batch.putLease(lease, Requests.NONE);
            return lease;
        });
    }

    RangeResult range(RangeRequest request) {
        try (ReadView view = store.view()) {
            return view.range(request);
        }
    }

    /** What the store holds at a revision, 0 for the newest. */
    String all(long revision) {
        return Requests.show(range(Requests.everything().at(revision)).kvs());
    }

    HashKvResult hash(long revision) {
        try (ReadView view = store.view()) {
            return view.hashKv(revision);
        }
    }

    static void assertRefused(Runnable call, StoreError error) {
        try {
            call.run();
        } catch (StoreException refusal) {
            assertThat(refusal.error()).isEqualTo(error);
            return;
        }
        throw new AssertionError("expected " + error);
    }
}
