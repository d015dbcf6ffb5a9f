package dev.keelson.raft;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log that is not known to be durable here, and a snapshot that is being put in place.
 *
 * <p>{@code offset} is the index of the first entry; entries before {@code offsetInProgress} were handed out for storage.
 * While a snapshot is pending there are no entries.
 *
 * <p>Acknowledgements carry the term of the leader that changed the log last before the hand-out ({@link #writeTerm}) and
 * an index. The term of the entry itself would not do:
 *
 * <ol>
 *   <li>The leader of term 2 sends entry 5 of term 2; it is handed to storage.
 *   <li>The leader of term 3 replaces it by entry 5 of term 3; that is handed to storage.
 *   <li>The leader of term 4 has 5 of term 2 and replaces it again; that is handed to storage too.
 *   <li>Storage acknowledges step 1: entry 5 of term 2. It looks like step 3, but a crash now would leave the entry of
 *       step 2, after this member had said that it holds the one of term 2.
 * </ol>
 *
 * <p>Nor would the node's own term at the hand-out: entry 5 of term 2 may be handed out after a vote has moved the node
 * to term 3, and be replaced by the leader of term 3 right after. Within the term of the last change the log only grows,
 * so that an index says which entry is meant. Acknowledgements of an earlier change are dropped; one of the last change
 * always comes, since a change means new entries to store.
 */
final class UnstableLog {

    private final ArrayList<Entry> entries = new ArrayList<>();
    private long offset;
    private long offsetInProgress;
    private long writeTerm;
    private @Nullable SnapshotMetadata snapshot;
    private boolean snapshotHandedOut;

    UnstableLog(long offset) {
        this.offset = offset;
        this.offsetInProgress = offset;
    }

    long offset() {
        return offset;
    }

    long lastIndex() {
        return offset + entries.size() - 1;
    }

    long writeTerm() {
        return writeTerm;
    }

    @Nullable
    SnapshotMetadata snapshot() {
        return snapshot;
    }

    long term(long index) {
        return entries.get(position(index)).term();
    }

    /** Appends {@code added}, replacing what stood from its first index on; {@code leaderTerm} is who says so. */
    void replaceFrom(List<Entry> added, long leaderTerm) {
        Invariant.check(snapshot == null, "no entries while a snapshot is pending");
        Invariant.check(leaderTerm >= writeTerm, "the log changed by an earlier leader than before");
        long from = added.getFirst().index();
        Invariant.check(from <= lastIndex() + 1, () -> "a gap before " + from + ", the log ends at " + lastIndex());
        Invariant.check(
                leaderTerm > writeTerm || from == lastIndex() + 1, "within one leader's term the log only grows");
        if (from < offset) {
            entries.clear();
            offset = from;
        } else if (from <= lastIndex()) {
            entries.subList(position(from), entries.size()).clear();
        }
        offsetInProgress = Math.min(offsetInProgress, from);
        entries.addAll(added);
        writeTerm = leaderTerm;
    }

    boolean hasNewEntries() {
        return offsetInProgress <= lastIndex();
    }

    List<Entry> takeNewEntries() {
        if (!hasNewEntries()) {
            return List.of();
        }
        List<Entry> taken = List.copyOf(entries.subList(position(offsetInProgress), entries.size()));
        offsetInProgress = lastIndex() + 1;
        return taken;
    }

    /** Storage has everything it was given in {@code term} through {@code index}. */
    void acknowledged(long term, long index) {
        if (term != writeTerm || index < offset) {
            return;
        }
        Invariant.check(
                index < offsetInProgress,
                () -> "storage acknowledged " + index + " but was given entries below " + offsetInProgress);
        entries.subList(0, position(index) + 1).clear();
        offset = index + 1;
    }

    List<Entry> entries(long lo, long bytesMax) {
        int from = position(lo);
        int to = from;
        long bytes = 0;
        while (to < entries.size()) {
            bytes += entries.get(to).sizeBytes();
            if (to > from && bytes > bytesMax) {
                break;
            }
            to++;
        }
        return List.copyOf(entries.subList(from, to));
    }

    void restore(SnapshotMetadata metadata, long leaderTerm) {
        Invariant.check(snapshot == null, "one snapshot at a time");
        snapshot = metadata;
        snapshotHandedOut = false;
        entries.clear();
        offset = metadata.index() + 1;
        offsetInProgress = offset;
        writeTerm = leaderTerm;
    }

    boolean hasNewSnapshot() {
        return snapshot != null && !snapshotHandedOut;
    }

    @Nullable
    SnapshotMetadata takeNewSnapshot() {
        if (!hasNewSnapshot()) {
            return null;
        }
        snapshotHandedOut = true;
        return snapshot;
    }

    void installed() {
        Invariant.check(snapshot != null && snapshotHandedOut, "an install nobody asked for");
        snapshot = null;
    }

    private int position(long index) {
        return (int) (index - offset);
    }
}
