package dev.keelson.raft;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * The log as the core sees it: what stable storage has, and behind it what is still on its way there.
 *
 * <p>The ladder {@code applied <= applying <= min(committed, persisted)} and {@code committed <= last} always holds.
 * {@code tail} holds the entries from {@code tailStart} on, not known to be durable; those before {@code handOutNext}
 * have been handed out for storage.
 */
final class RaftLog {

    private final LogStorage storage;
    private final ArrayList<Entry> tail = new ArrayList<>();
    private long tailStart;
    private long handOutNext;
    private long committed;
    private long applying;
    private long applied;
    private long startIndex;
    private long startTerm;
    private boolean snapshotPending;

    RaftLog(LogStorage storage, long applied, long committed) {
        this.storage = storage;
        this.tailStart = storage.lastIndex() + 1;
        this.handOutNext = tailStart;
        this.applied = applied;
        this.applying = applied;
        this.committed = Math.max(committed, applied);
        Invariant.check(
                this.committed <= storage.lastIndex(),
                () -> "commit " + this.committed + " beyond the log's end " + storage.lastIndex());
    }

    long firstIndex() {
        return snapshotPending ? startIndex + 1 : storage.firstIndex();
    }

    long lastIndex() {
        return tailStart + tail.size() - 1;
    }

    long lastTerm() {
        return term(lastIndex());
    }

    /** Everything up to it is durable here. */
    long persisted() {
        return tailStart - 1;
    }

    long committed() {
        return committed;
    }

    long applied() {
        return applied;
    }

    long term(long index) {
        if (index > lastIndex()) {
            return LogStorage.TERM_UNAVAILABLE;
        }
        if (index >= tailStart) {
            return tail.get((int) (index - tailStart)).term();
        }
        if (snapshotPending) {
            return index == startIndex ? startTerm : LogStorage.TERM_COMPACTED;
        }
        return storage.term(index);
    }

    boolean matches(long index, long term) {
        return term(index) == term;
    }

    /** Whether a log ending thus is at least as complete as this one (paper 5.4.1). */
    boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
        long lastTerm = lastTerm();
        return otherLastTerm > lastTerm || otherLastTerm == lastTerm && otherLastIndex >= lastIndex();
    }

    /** Appends the leader's entries where they differ; returns the last index they reach. */
    void appendAfter(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!matches(entry.index(), entry.term())) {
                Invariant.check(
                        entry.index() > committed,
                        () -> "entry " + entry + " conflicts with a committed one, commit is " + committed);
                append(entries.subList(i, entries.size()));
                return;
            }
        }
    }

    void append(List<Entry> entries) {
        long from = entries.getFirst().index();
        Invariant.check(from <= lastIndex() + 1, () -> "a gap before " + from + ", the log ends at " + lastIndex());
        if (from < tailStart) {
            tail.clear();
            tailStart = from;
        } else {
            tail.subList((int) (from - tailStart), tail.size()).clear();
        }
        handOutNext = Math.min(handOutNext, from);
        tail.addAll(entries);
    }

    List<Entry> entries(long lo, long bytesMax) {
        if (lo > lastIndex()) {
            return List.of();
        }
        if (lo >= tailStart) {
            return bounded(tail.subList((int) (lo - tailStart), tail.size()), bytesMax);
        }
        return storage.entries(lo, tailStart, bytesMax);
    }

    private static List<Entry> bounded(List<Entry> entries, long bytesMax) {
        long bytes = 0;
        int count = 0;
        while (count < entries.size()) {
            bytes += entries.get(count).sizeBytes();
            if (count > 0 && bytes > bytesMax) {
                break;
            }
            count++;
        }
        return List.copyOf(entries.subList(0, count));
    }

    boolean hasNewEntries() {
        return handOutNext <= lastIndex();
    }

    /** What storage has not been given yet. */
    List<Entry> takeNewEntries() {
        if (!hasNewEntries()) {
            return List.of();
        }
        List<Entry> taken = List.copyOf(tail.subList((int) (handOutNext - tailStart), tail.size()));
        handOutNext = lastIndex() + 1;
        return taken;
    }

    void persisted(long index) {
        if (index < tailStart) {
            return;
        }
        Invariant.check(
                index < handOutNext, () -> "storage acknowledged " + index + ", handed out below " + handOutNext);
        tail.subList(0, (int) (index + 1 - tailStart)).clear();
        tailStart = index + 1;
    }

    boolean commitTo(long index) {
        if (index <= committed) {
            return false;
        }
        Invariant.check(index <= lastIndex(), () -> "commit " + index + " beyond the log's end " + lastIndex());
        committed = index;
        return true;
    }

    boolean hasCommittedEntries() {
        return !snapshotPending && applying < Math.min(committed, persisted());
    }

    List<Entry> takeCommittedEntries(long bytesMax) {
        if (!hasCommittedEntries()) {
            return List.of();
        }
        List<Entry> taken = storage.entries(applying + 1, Math.min(committed, persisted()) + 1, bytesMax);
        applying = taken.getLast().index();
        return taken;
    }

    void applied(long index) {
        Invariant.check(index <= applying, () -> "applied " + index + " of " + applying + " handed out");
        applied = Math.max(applied, index);
    }

    /** The log ends and starts at a snapshot that is yet to be put in place. */
    void restore(SnapshotMetadata snapshot) {
        snapshotPending = true;
        startIndex = snapshot.index();
        startTerm = snapshot.term();
        tail.clear();
        tailStart = startIndex + 1;
        handOutNext = tailStart;
        committed = startIndex;
    }

    void installed(SnapshotMetadata snapshot) {
        Invariant.check(snapshotPending && snapshot.index() == startIndex, "an install nobody asked for");
        snapshotPending = false;
        applying = startIndex;
        applied = startIndex;
    }

    /** An index at or below {@code index} whose term is at most {@code term}: where logs may agree. */
    long hintIndex(long index, long term) {
        long hint = Math.min(index, lastIndex());
        while (hint >= firstIndex() && term(hint) > term) {
            hint--;
        }
        return hint;
    }
}
