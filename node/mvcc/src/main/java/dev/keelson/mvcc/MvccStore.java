package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Family;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The revisioned store: etcd's data model over a {@link Backend}.
 *
 * <p>Every effective operation has one main revision; a new store is at 1 and its first write makes 2. The rows of a
 * batch and the state that follows from them change in one atomic write, so whatever write a crash falls back to, the
 * store is one that once was. What readers see is a {@link ReadView}, replaced as a whole at each
 * {@link StoreBatch#commit}.
 *
 * <p>Thread rule: {@link #begin} and the batch on one thread, the apply thread; {@link Compaction} on one other; views
 * and counters on any.
 */
public final class MvccStore {

    /** The revision of a store in which nothing was ever written. */
    public static final long FIRST_REVISION = 1;

    /** The compact revision of a store that was never compacted. */
    public static final long NEVER_COMPACTED = -1;

    /** What an empty store counts as, in bytes: clients take a size of 0 for one that is not known. */
    static final long EMPTY_BYTES = 16 * 1024;

    private final Backend backend;
    private volatile PublishedState published;
    private volatile CompactionState compacted;
    private @Nullable Compaction compaction;
    private boolean batchIsOpen;

    private MvccStore(Backend backend) {
        this.backend = backend;
        this.compacted = CompactionState.read(backend.get(Family.META, CompactionState.ROW));
        StoreState state = StoreState.read(backend.get(Family.META, StoreState.ROW));
        Invariant.check(
                state.revision() >= state.compactRevision() && state.compactRevision() >= compacted.finishedRevision(),
                () -> "revision, compaction ordered and compaction finished are out of order: " + state + compacted);
        this.published = new PublishedState(backend.snapshot(), state);
    }

    /** The store that the backend holds; an empty one is a new store. */
    public static MvccStore open(Backend backend) {
        return new MvccStore(backend);
    }

    /** Begins the next write; the former batch must be committed. */
    public StoreBatch begin() {
        Invariant.check(!batchIsOpen, "the former batch is not committed");
        batchIsOpen = true;
        return new StoreBatch(this, backend, published.state());
    }

    /** Writes a batch's overlay and its outcome, then shows it to readers. */
    void commit(Overlay rows, StoreState outcome) {
        long size = Math.max(outcome.sizeBytes(), outcome.writtenBytes() - compacted.removedBytes());
        var state = new StoreState(
                outcome.revision(), outcome.compactRevision(), outcome.writtenBytes(), size, outcome.keys());
        rows.put(Family.META, StoreState.ROW, state.write());
        backend.write(rows::emit);
        PublishedState former = published;
        published = new PublishedState(backend.snapshot(), state);
        former.release();
        batchIsOpen = false;
    }

    /** The newest published state; close it soon, it pins what it shows. */
    public ReadView view() {
        while (true) {
            PublishedState newest = published;
            if (newest.acquire()) {
                return new ReadView(newest);
            }
        }
    }

    public long revision() {
        return published.state().revision();
    }

    /** Revisions below it cannot be read; {@link #NEVER_COMPACTED} at first. */
    public long compactRevision() {
        return published.state().compactRevision();
    }

    /** The compaction whose superseded rows are all removed. */
    public long finishedCompactRevision() {
        return compacted.finishedRevision();
    }

    /** The most that the rows occupied since space was last reclaimed, in bytes: etcd's size of the file. */
    public long sizeBytes() {
        return published.state().sizeBytes();
    }

    /** The keys that are live. */
    public long keys() {
        return published.state().keys();
    }

    /** Views that are open. */
    public int openViews() {
        return published.views();
    }

    /** What the rows occupy, in bytes. */
    public long sizeInUseBytes() {
        return published.state().writtenBytes() - compacted.removedBytes();
    }

    /**
     * The removal work that is left to do, also from before a restart; null when there is none. There is only ever one
     * such work: two at a time would both count the rows that they remove.
     */
    public synchronized @Nullable Compaction pendingCompaction() {
        Compaction underWay = compaction;
        if (underWay != null && !underWay.isFinished()) {
            return underWay;
        }
        long ordered = compactRevision();
        compaction = ordered > compacted.finishedRevision() ? new Compaction(this, backend, ordered) : null;
        return compaction;
    }

    CompactionState compacted() {
        return compacted;
    }

    void compacted(CompactionState progress) {
        compacted = progress;
    }

    /** Gives up the published view; nothing may use the store afterwards. The backend stays open. */
    public void close() {
        published.release();
    }

    /** The key of the row that {@link StoreBatch#putMeta} writes under a name, for who reads the backend itself. */
    public static byte[] metaKey(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
