package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Snapshot;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pinned state of the backend and the revisions that go with it, freed when the last holder lets go.
 *
 * <p>Thread rule: any thread. The store itself is the first holder; once the count has reached 0 nobody can acquire it.
 */
final class PublishedState {

    private final Snapshot snapshot;
    private final long revision;
    private final long compactRevision;
    private final AtomicInteger holders = new AtomicInteger(1);

    PublishedState(Snapshot snapshot, long revision, long compactRevision) {
        this.snapshot = snapshot;
        this.revision = revision;
        this.compactRevision = compactRevision;
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
        if (holders.decrementAndGet() == 0) {
            snapshot.close();
        }
    }

    Snapshot snapshot() {
        return snapshot;
    }

    long revision() {
        return revision;
    }

    long compactRevision() {
        return compactRevision;
    }
}
