package dev.keelson.raft;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log as the core sees it: what stable storage has, and behind it what is still on its way there.
 *
 * <p>The ladder {@code applied <= applying <= min(committed, persisted)} and {@code committed <= last} always holds.
 */
final class RaftLog {

    private static final long SCAN_BYTES = 1 << 20;

    private final LogStorage storage;
    private final UnstableLog unstable;
    private long committed;
    private long committedBeforeSnapshot;
    private long applying;
    private long applied;
    private int confChangesApplying;

    RaftLog(LogStorage storage, long applied, long committed) {
        this.storage = storage;
        this.unstable = new UnstableLog(storage.lastIndex() + 1);
        this.applied = applied;
        this.applying = applied;
        // The core has a commit index stored after the entries it speaks of. One beyond the log is a driver's mark that
        // a
        // snapshot was about to be put in place; the entries below it may be another leader's, so it says nothing.
        this.committed = committed > storage.lastIndex() ? applied : Math.max(committed, applied);
        Invariant.check(
                applied <= storage.lastIndex(),
                () -> "applied is " + applied + " but the log ends at " + storage.lastIndex());
        Invariant.check(
                applied + 1 >= storage.firstIndex(),
                () -> "applied is " + applied + " but the log begins at " + storage.firstIndex());
    }

    long firstIndex() {
        SnapshotMetadata snapshot = unstable.snapshot();
        return snapshot == null ? storage.firstIndex() : snapshot.index() + 1;
    }

    long lastIndex() {
        return unstable.lastIndex();
    }

    long lastTerm() {
        return term(lastIndex());
    }

    /** Everything through it is durable here. */
    long persisted() {
        return unstable.offset() - 1;
    }

    long committed() {
        return committed;
    }

    /** The term of the last committed entry; one that no entry has when it was cut away. */
    long committedTerm() {
        return term(committed);
    }

    /**
     * The commit index to be stored. While a snapshot is pending it is the one from before: stored with the log that is
     * still there, the snapshot's index would after a crash make committed entries of those that the snapshot replaces.
     */
    long storableCommit() {
        return unstable.snapshot() == null ? committed : committedBeforeSnapshot;
    }

    long applied() {
        return applied;
    }

    /** The term that goes with the next hand-out, see {@link UnstableLog}. */
    long writeTerm() {
        return unstable.writeTerm();
    }

    long term(long index) {
        if (index > lastIndex()) {
            return LogStorage.TERM_UNAVAILABLE;
        }
        if (index >= unstable.offset()) {
            return unstable.term(index);
        }
        SnapshotMetadata snapshot = unstable.snapshot();
        if (snapshot != null) {
            return index == snapshot.index() ? snapshot.term() : LogStorage.TERM_COMPACTED;
        }
        return storage.term(index);
    }

    boolean matches(long index, long term) {
        return term(index) == term;
    }

    /** Whether a log ending thus is at least as complete as this one (paper 5.4.1). */
    boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
        long term = lastTerm();
        return otherLastTerm > term || otherLastTerm == term && otherLastIndex >= lastIndex();
    }

    /** Takes over the entries of the leader of {@code leaderTerm} from the first that differs on (paper 5.3). */
    void appendDiffering(List<Entry> entries, long leaderTerm) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!matches(entry.index(), entry.term())) {
                Invariant.check(
                        entry.index() > committed,
                        () -> "entry " + entry + " conflicts with a committed one, commit is " + committed);
                unstable.replaceFrom(i == 0 ? entries : entries.subList(i, entries.size()), leaderTerm);
                return;
            }
        }
    }

    /** Appends entries of the leader that this node is. */
    void append(List<Entry> entries, long leaderTerm) {
        Invariant.check(entries.getFirst().index() == lastIndex() + 1, "a leader never replaces its own entries");
        unstable.replaceFrom(entries, leaderTerm);
    }

    /** Entries from {@code lo} on; null when they were cut away, which may happen at any moment on another thread. */
    @Nullable
    List<Entry> entries(long lo, long bytesMax) {
        if (lo > lastIndex()) {
            return List.of();
        }
        if (lo >= unstable.offset()) {
            return unstable.entries(lo, bytesMax);
        }
        try {
            return storage.entries(lo, unstable.offset(), bytesMax);
        } catch (IndexOutOfBoundsException cut) {
            Invariant.check(lo < storage.firstIndex(), () -> "entry " + lo + " is missing: " + cut.getMessage());
            return null;
        }
    }

    boolean hasNewEntries() {
        return unstable.hasNewEntries();
    }

    List<Entry> takeNewEntries() {
        return unstable.takeNewEntries();
    }

    void persisted(long term, long index) {
        unstable.acknowledged(term, index);
    }

    void commitTo(long index) {
        if (index > committed) {
            Invariant.check(index <= lastIndex(), () -> "commit " + index + " but the log ends at " + lastIndex());
            committed = index;
        }
    }

    boolean hasCommittedEntries() {
        return unstable.snapshot() == null && applying < Math.min(committed, persisted());
    }

    /** What is committed and durable here and was not handed out before. */
    List<Entry> takeCommittedEntries(long bytesMax) {
        if (!hasCommittedEntries()) {
            return List.of();
        }
        List<Entry> taken = storage.entries(applying + 1, Math.min(committed, persisted()) + 1, bytesMax);
        Invariant.check(taken.getFirst().index() == applying + 1, "committed entries are handed out without a gap");
        applying = taken.getLast().index();
        for (int i = 0; i < taken.size(); i++) {
            if (taken.get(i).type() == EntryType.CONF_CHANGE) {
                confChangesApplying++;
            }
        }
        return taken;
    }

    void applied(long index) {
        Invariant.check(index <= applying, () -> "applied " + index + " but only " + applying + " was handed out");
        applied = Math.max(applied, index);
    }

    void confChangeApplied() {
        Invariant.check(confChangesApplying > 0, "applied a membership change that was not handed out");
        confChangesApplying--;
    }

    /**
     * Whether a committed membership change has not taken effect here. It could make our idea of a majority wrong: with
     * it, two members may win the same term (etcd raft #456).
     *
     * <p>Counted, not told by the applied index, because a driver reports the two on different paths.
     */
    boolean hasUnappliedConfChange() {
        if (confChangesApplying > 0) {
            return true;
        }
        for (long lo = applying + 1; lo <= committed; ) {
            List<Entry> entries = entries(lo, SCAN_BYTES);
            if (entries == null) {
                throw new InvariantViolation("entry " + lo + " was cut away before it was applied");
            }
            for (Entry entry : entries) {
                if (entry.index() <= committed && entry.type() == EntryType.CONF_CHANGE) {
                    return true;
                }
                lo = entry.index() + 1;
            }
        }
        return false;
    }

    @Nullable
    SnapshotMetadata pendingSnapshot() {
        return unstable.snapshot();
    }

    boolean hasNewSnapshot() {
        return unstable.hasNewSnapshot();
    }

    @Nullable
    SnapshotMetadata takeNewSnapshot() {
        return unstable.takeNewSnapshot();
    }

    /** The log ends and begins at a snapshot that is yet to be put in place. */
    void restore(SnapshotMetadata snapshot, long leaderTerm) {
        Invariant.check(snapshot.index() > committed, "a snapshot never takes back what is committed");
        unstable.restore(snapshot, leaderTerm);
        committedBeforeSnapshot = committed;
        committed = snapshot.index();
    }

    void installed(SnapshotMetadata metadata) {
        SnapshotMetadata pending = unstable.snapshot();
        Invariant.check(
                pending != null && metadata.index() == pending.index() && metadata.term() == pending.term(),
                "an install nobody asked for");
        Invariant.check(
                storage.firstIndex() == metadata.index() + 1 && storage.lastIndex() == metadata.index(),
                "after an install the log begins behind the snapshot");
        unstable.installed();
        applying = metadata.index();
        applied = metadata.index();
        confChangesApplying = 0;
    }

    /**
     * The highest index at or below {@code index} whose term is at most {@code term}: where two logs may agree. It skips
     * whole terms, so that a diverged log is repaired in one exchange a term and not one an entry (paper, end of 5.3).
     */
    long hintIndex(long index, long term) {
        long hint = Math.min(index, lastIndex());
        while (hint >= firstIndex() && term(hint) > term) {
            hint--;
        }
        return hint;
    }
}
