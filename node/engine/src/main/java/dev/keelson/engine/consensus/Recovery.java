package dev.keelson.engine.consensus;

import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings log and store to one account at a start, before the consensus core looks at them.
 *
 * <p>In normal running only entries that are durable in the log are applied, so the log always reaches the store's
 * applied point, with the same term there. The one exception is a crash while a snapshot was put in place: then the log
 * contradicts the store at that point, or ends before it and carries the mark that was synced before. A log that ends
 * before it without the mark has lost its end and must not vote again.
 */
public final class Recovery {

    /** The term of the entries that a new cluster starts with, as in etcd. */
    static final long BOOTSTRAP_TERM = 1;

    private Recovery() {}

    /** Writes the members of a new cluster as its first, already committed entries. */
    public static void bootstrap(DurableLog log, List<Member> members) {
        var entries = new ArrayList<Entry>(members.size());
        for (Member member : members) {
            byte[] change = MemberChange.founding(member).toConfChange().encode();
            entries.add(new Entry(BOOTSTRAP_TERM, entries.size() + 1L, EntryType.CONF_CHANGE, change));
        }
        log.append(new HardState(BOOTSTRAP_TERM, HardState.NO_VOTE, entries.size()), entries);
        log.sync();
    }

    /** Whether the node has never run: nothing applied, nobody voted for, at most a torn bootstrap in the log. */
    public static boolean isFresh(DurableLog log, AppliedPoint applied, int initialMembers) {
        return applied.equals(AppliedPoint.NONE)
                && log.start().index() == 0
                && log.lastIndex() < initialMembers
                && log.hardState().term() <= BOOTSTRAP_TERM;
    }

    /**
     * Completes an interrupted snapshot install, or refuses.
     *
     * @throws InconsistentStateException when the log lost entries or begins after the store ends
     */
    public static void reconcile(DurableLog log, AppliedPoint applied, ConfState confState) {
        if (log.start().index() > applied.index()) {
            throw new InconsistentStateException("the log begins after index "
                    + log.start().index() + " but the store ends at " + applied.index()
                    + ": db/ was lost or replaced");
        }
        boolean reaches = log.lastIndex() >= applied.index();
        if (reaches && agrees(log.term(applied.index()), applied.term())) {
            return;
        }
        HardState state = log.hardState();
        if (!reaches && state.commit() < applied.index()) {
            throw new InconsistentStateException("the store contains index " + applied.index() + " but the log ends at "
                    + log.lastIndex() + ": wal/ was lost or replaced");
        }
        log.reset(
                new SnapshotMetadata(applied.index(), applied.term(), confState),
                new HardState(Math.max(state.term(), applied.term()), state.vote(), applied.index()));
    }

    private static boolean agrees(long logTerm, long appliedTerm) {
        return logTerm == appliedTerm || logTerm == dev.keelson.raft.log.LogStorage.TERM_COMPACTED;
    }

    /** Log and store do not belong together; the member must not take part. */
    public static final class InconsistentStateException extends RuntimeException {

        private static final long serialVersionUID = 1;

        InconsistentStateException(String why) {
            super(why + "; remove this member from the cluster and add it anew with an empty data directory");
        }
    }
}
