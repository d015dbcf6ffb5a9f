package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Family;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The revisioned store: etcd's data model over a {@link Backend}.
 *
 * <p>Every effective write has one main revision; a new store is at 1 and its first write makes 2. Rows of {@code KEYS},
 * {@code HISTORY} and {@code VERSIONS} change together in one atomic write, with the revision that follows from them.
 * What readers see is a {@link ReadView}, replaced as a whole at each {@link StoreBatch#commit}.
 *
 * <p>Thread rule: {@link #begin} and the batch on one thread, the apply thread; {@link Compaction} on one other; views
 * and counters on any.
 */
public final class MvccStore {

    /** The revision of a store in which nothing was ever written. */
    public static final long FIRST_REVISION = 1;

    /** The compact revision of a store that was never compacted. */
    public static final long NEVER_COMPACTED = -1;

    /** What an empty store counts as, in bytes: its fixed rows. */
    static final long EMPTY_BYTES = 16 * 1024;

    private final Backend backend;
    private final AtomicLong reclaimed = new AtomicLong();
    private volatile PublishedState published;
    private volatile long finishedCompactRevision;
    private volatile long sizeBytes;
    private volatile long sizeInUseBytes;
    private boolean batchOpen;

    private MvccStore(Backend backend) {
        this.backend = backend;
        long revision = number(StoreRows.REVISION, FIRST_REVISION);
        long scheduled = number(StoreRows.COMPACT_SCHEDULED, NEVER_COMPACTED);
        this.finishedCompactRevision = number(StoreRows.COMPACT_FINISHED, NEVER_COMPACTED);
        this.sizeBytes = number(StoreRows.SIZE, EMPTY_BYTES);
        this.sizeInUseBytes = number(StoreRows.SIZE_IN_USE, EMPTY_BYTES);
        Invariant.check(revision >= scheduled, () -> "revision " + revision + " below the compaction at " + scheduled);
        this.published = new PublishedState(backend.snapshot(), revision, scheduled);
    }

    private long number(String name, long absent) {
        return StoreRows.number(backend.get(Family.META, StoreRows.key(name)), absent);
    }

    /** The store that the backend holds; an empty one is a new store. */
    public static MvccStore open(Backend backend) {
        return new MvccStore(backend);
    }

    /** Begins the next write; the former batch must be committed. */
    public StoreBatch begin() {
        Invariant.check(!batchOpen, "a batch is open");
        batchOpen = true;
        return new StoreBatch(this, backend);
    }

    /** The newest state; close it soon, it pins what it shows. */
    public ReadView view() {
        while (true) {
            PublishedState state = published;
            if (state.acquire()) {
                return new ReadView(state);
            }
        }
    }

    public long revision() {
        return published.revision();
    }

    /** Revisions below it cannot be read; {@link #NEVER_COMPACTED} at first. */
    public long compactRevision() {
        return published.compactRevision();
    }

    /** The compaction whose superseded rows are all removed. */
    public long finishedCompactRevision() {
        return finishedCompactRevision;
    }

    /** What all rows occupied at most since space was last given back, in bytes. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** What the rows occupy, in bytes. */
    public long sizeInUseBytes() {
        return Math.max(EMPTY_BYTES, sizeInUseBytes - reclaimed.get());
    }

    /** The removal work that a compaction left to do, also one from before a restart; null when there is none. */
    public @Nullable Compaction pendingCompaction() {
        long scheduled = compactRevision();
        return scheduled > finishedCompactRevision ? new Compaction(this, backend, scheduled) : null;
    }

    /** Gives up the published view; nothing may use the store afterwards. */
    public void close() {
        published.release();
    }

    /** The key of the row that {@link StoreBatch#putMeta} writes under {@code name}, for who reads the backend itself. */
    public static byte[] metaKey(String name) {
        return StoreRows.key(name);
    }

    long takeReclaimed() {
        return reclaimed.getAndSet(0);
    }

    void compacted(long revision) {
        finishedCompactRevision = revision;
    }

    void reclaimed(long bytes) {
        reclaimed.addAndGet(bytes);
    }

    void publish(long revision, long compactRevision, long size, long sizeInUse) {
        sizeBytes = size;
        sizeInUseBytes = sizeInUse;
        PublishedState former = published;
        published = new PublishedState(backend.snapshot(), revision, compactRevision);
        former.release();
        batchOpen = false;
    }

    /** The in-use bytes as last written, without what was reclaimed since. */
    long writtenSizeInUse() {
        return sizeInUseBytes;
    }
}
