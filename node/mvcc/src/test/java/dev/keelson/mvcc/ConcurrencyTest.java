package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.range;
import static dev.keelson.mvcc.Requests.txn;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One thread applies, one compacts, several read; a reader never sees a state that never was. */
class ConcurrencyTest {

    private static final int WRITES = 3_000;
    private static final int READERS = 3;
    private static final int COMPACT_EVERY = 50;

    private final TestStore store = new TestStore().with("x=0", "y=0");
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Test
    void everyViewIsOneWholeState() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS + 2)) {
            List<Future<Long>> all = new ArrayList<>();
            all.add(threads.submit(this::write));
            all.add(threads.submit(whileWriting(this::compact)));
            for (int i = 0; i < READERS; i++) {
                all.add(threads.submit(whileWriting(this::read)));
            }
            for (Future<Long> thread : all) {
                assertThat(thread.get()).isPositive();
            }
        }
        assertThat(store.store.revision()).isEqualTo(3 + WRITES);
    }

    private Callable<Long> whileWriting(Runnable turn) {
        return () -> {
            long turns = 0;
            do {
                turn.run();
                turns++;
            } while (writing.get());
            return turns;
        };
    }

    private long write() {
        try {
            for (int i = 1; i <= WRITES; i++) {
                TxnResult _ = store.txn(txn(put("x", Integer.toString(i)), put("y", Integer.toString(i))));
                if (i % COMPACT_EVERY == 0) {
                    long _ = store.compact(store.store.revision() - 2);
                }
            }
            return WRITES;
        } finally {
            writing.set(false);
        }
    }

    private void compact() {
        Compaction next = store.store.pendingCompaction();
        if (next != null) {
            next.step(3);
        }
    }

    private void read() {
        try (ReadView view = store.store.view()) {
            checkPair(view, 0);
            checkPair(view, Math.max(3, view.compactRevision()));
            HashKvResult first = view.hashKv(0);
            assertThat(view.hashKv(view.revision())).isEqualTo(first);
        }
    }

    private static void checkPair(ReadView view, long revision) {
        List<KeyValue> pair = view.range(range("x", "z").at(revision)).kvs();
        assertThat(pair).hasSize(2);
        assertThat(pair.getFirst().value()).isEqualTo(pair.getLast().value());
        if (revision == 0) {
            assertThat(pair.getLast().modRevision()).isEqualTo(view.revision());
        }
    }
}
