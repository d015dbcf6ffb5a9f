package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The removal of the rows that a compaction superseded, a bounded number a step.
 *
 * <p>Of each key the newest version at or below the compact revision stays, unless it is a tombstone before that revision
 * (one exactly at it stays: a watch may begin there, etcd issue 18089). The store's revision does not depend on what is
 * left in HISTORY, so it never falls.
 *
 * <p>Its cost is that of what was written since the compaction before, not of what the store holds: each row of HISTORY
 * from that one's revision up to this one's is visited once, oldest first, and takes away the version of its key before
 * it, and itself when it is a tombstone. At that moment no version older than that one is left, and an older tombstone
 * has taken itself away; so no row is removed, or counted, twice.
 *
 * <p>It touches no row above its revision and none of KEYS, so writes go on beside it, and views keep what they pin.
 * Interrupted by a crash it begins anew from the compaction before and finds less to do.
 *
 * <p>Thread rule: one thread, which need not be the apply thread.
 */
public final class Compaction {

    private final MvccStore store;
    private final Backend backend;
    private final long revision;
    private final byte[] end;
    private byte[] next;
    private long removed;
    private volatile boolean finished;

    /** A row to remove from HISTORY and from VERSIONS. */
    private record Removal(byte[] revisionKey, byte[] versionKey, boolean tombstone) {}

    Compaction(MvccStore store, Backend backend, long revision) {
        this.store = store;
        this.backend = backend;
        this.revision = revision;
        this.next = RevisionKey.ofPut(Math.max(0, store.compacted().finishedRevision()), 0);
        this.end = RevisionKey.ofPut(revision + 1, 0);
    }

    /** The revision whose compaction this completes. */
    public long revision() {
        return revision;
    }

    /** Revisions of keys that the steps so far took away. */
    public long removedRevisions() {
        return removed;
    }

    boolean isFinished() {
        return finished;
    }

    /** Visits up to {@code rowsMax} rows of the history; true while there is more to do. */
    public boolean step(int rowsMax) {
        Invariant.check(rowsMax > 0, "a step that visits no rows never ends");
        if (finished) {
            return false;
        }
        List<Removal> removals = new ArrayList<>();
        boolean more = visit(rowsMax, removals);
        if (!more || !removals.isEmpty()) {
            remove(removals, more ? store.compacted().finishedRevision() : revision);
        }
        finished = !more;
        return more;
    }

    private boolean visit(int rowsMax, List<Removal> removals) {
        try (Cursor history = backend.ascend(Family.HISTORY, next, end)) {
            for (int visited = 0; history.isValid(); history.next(), visited++) {
                byte[] revisionKey = history.key();
                if (visited == rowsMax) {
                    next = revisionKey;
                    return true;
                }
                visit(revisionKey, HistoryRow.read(history.value()), removals);
            }
            return false;
        }
    }

    private void visit(byte[] revisionKey, HistoryRow row, List<Removal> removals) {
        long main = RevisionKey.main(revisionKey);
        byte[] versionKey = VersionKey.of(row.key(), main, RevisionKey.sub(revisionKey));
        boolean tombstone = RevisionKey.isTombstone(revisionKey);
        if (tombstone || row.version() > 1) {
            byte[] older = putBefore(row.key(), versionKey);
            if (older != null) {
                removals.add(
                        new Removal(RevisionKey.ofPut(VersionKey.main(older), VersionKey.sub(older)), older, false));
            }
        }
        if (isForgotten(tombstone, main)) {
            removals.add(new Removal(revisionKey, versionKey, true));
        }
    }

    /** A deletion at the revision itself stays: who watches from there on has to hear of it. */
    private boolean isForgotten(boolean tombstone, long main) {
        return tombstone && main < revision;
    }

    /** The version of the key before one of its versions, unless that is a tombstone or there is none. */
    private byte @Nullable [] putBefore(byte[] key, byte[] versionKey) {
        try (Cursor versions = backend.ascend(Family.VERSIONS, versionKey, VersionKey.hi(key))) {
            Invariant.check(
                    versions.isValid() && Arrays.equals(versions.key(), versionKey),
                    "a revision is in HISTORY but not in VERSIONS");
            versions.next();
            return versions.isValid() && !VersionKey.isTombstone(versions.value()) ? versions.key() : null;
        }
    }

    private void remove(List<Removal> removals, long finishedRevision) {
        CompactionState before = store.compacted();
        long bytes = before.removedBytes();
        for (Removal removal : removals) {
            byte[] history = backend.get(Family.HISTORY, removal.revisionKey());
            Invariant.check(history != null, "a revision is in VERSIONS but not in HISTORY");
            bytes += removal.revisionKey().length
                    + (history == null ? 0 : history.length)
                    + removal.versionKey().length
                    + VersionKey.flag(removal.tombstone()).length;
        }
        var after = new CompactionState(finishedRevision, bytes);
        backend.write(batch -> emit(removals, after, batch));
        store.compacted(after);
        removed += removals.size();
    }

    private static void emit(List<Removal> removals, CompactionState after, Mutations batch) {
        for (Removal removal : removals) {
            batch.delete(Family.HISTORY, removal.revisionKey());
            batch.delete(Family.VERSIONS, removal.versionKey());
        }
        batch.put(Family.META, CompactionState.ROW, after.write());
    }
}
