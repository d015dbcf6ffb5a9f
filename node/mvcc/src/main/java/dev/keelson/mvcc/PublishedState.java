package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Snapshot;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pinned state of the backend and the numbers that go with it, freed when the last holder lets go.
 *
 * <p>Thread rule: any thread. The store itself is the first holder; once the count has reached 0 nobody can acquire it.
 */
final class PublishedState {

    private final Snapshot snapshot;
    private final StoreState state;
    private final AtomicInteger holders = new AtomicInteger(1);

    PublishedState(Snapshot snapshot, StoreState state) {
        this.snapshot = snapshot;
        this.state = state;
    }

    /** False when it has been freed; the caller takes the newer one then. */
    boolean acquire() {
        for (int count = holders.get(); count > 0; count = holders.get()) {
            if (holders.compareAndSet(count, count + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        int left = holders.decrementAndGet();
        Invariant.check(left >= 0, "a view was closed more often than it was taken");
        if (left == 0) {
            snapshot.close();
        }
    }

    /** How many hold it beside the store. */
    int views() {
        return Math.max(0, holders.get() - 1);
    }

    Snapshot snapshot() {
        return snapshot;
    }

    StoreState state() {
        return state;
    }
}
