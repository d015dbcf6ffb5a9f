package dev.keelson.engine.consensus;

import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.backend.Backend;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets a member go on alone when the others are lost for good: the last resort where no quorum is left.
 *
 * <p>The removals of the others are written to the end of its log as committed entries, in one piece, and take effect as
 * removals always do: their ids never return. All that the log holds counts as committed. What lies beyond the commit
 * index that this member had heard of may have been acknowledged by a leader that is gone; what was not, was never refused
 * either.
 */
public final class LoneMember {

    private static final long BYTES_AT_A_TIME = 1L << 20;

    private final DurableLog log;
    private final long self;
    private final Set<Long> members = new TreeSet<>(Long::compareUnsigned);

    private LoneMember(DurableLog log, long self) {
        this.log = log;
        this.self = self;
    }

    /**
     * Removes all others in the log, before a node runs on it; returns their ids. Does nothing for a member that has no
     * data yet, or was removed itself.
     *
     * @throws Recovery.InconsistentStateException when log and store do not belong together, or this member is about to be
     *     removed
     */
    public static List<Long> make(DurableLog log, Backend backend, long self) {
        MvccStore store = MvccStore.open(backend);
        try (ReadView view = store.view()) {
            return new LoneMember(log, self)
                    .make(Membership.load(view), AppliedPoint.decode(view.meta(AppliedPoint.ROW)));
        } finally {
            store.close();
        }
    }

    private List<Long> make(Membership membership, AppliedPoint applied) {
        if (membership.isRemoved(self) || Recovery.isFresh(log, applied, 1)) {
            return List.of();
        }
        Recovery.reconcile(log, applied, membership.confState());
        membership.all().forEach(member -> members.add(member.id()));
        boolean settled =
                membership.find(self).filter(member -> !member.learner()).isPresent();
        boolean pending = followChanges(applied.index());
        if (!members.contains(self)) {
            throw new Recovery.InconsistentStateException(
                    "this member's data do not have it as a member of the cluster");
        }
        List<Long> others = members.stream().filter(id -> id != self).toList();
        if (settled && !pending && others.isEmpty()) {
            return others;
        }
        append(others);
        return others;
    }

    /** Whether there are changes of the membership that the store has not seen. */
    private boolean followChanges(long applied) {
        boolean any = false;
        long next = applied + 1;
        while (next <= log.lastIndex()) {
            for (Entry entry : log.entries(next, log.lastIndex() + 1, BYTES_AT_A_TIME)) {
                if (entry.type() == EntryType.CONF_CHANGE) {
                    any = true;
                    follow(ConfChange.decode(entry.payload()));
                }
                next = entry.index() + 1;
            }
        }
        return any;
    }

    private void follow(ConfChange change) {
        switch (change.kind()) {
            case ADD_VOTER, ADD_LEARNER -> members.add(change.id());
            case REMOVE -> members.remove(change.id());
            case NONE, UPDATE -> {}
        }
    }

    private void append(List<Long> others) {
        var changes = new ArrayList<MemberChange>();
        // First a vote for this one, since the last voter is never removed; refused where it has one.
        changes.add(change(MemberChange.Kind.PROMOTE, self));
        others.forEach(id -> changes.add(change(MemberChange.Kind.REMOVE, id)));
        HardState state = log.hardState();
        long term = Math.max(state.term(), log.term(log.lastIndex()));
        var entries = new ArrayList<Entry>();
        for (MemberChange change : changes) {
            entries.add(new Entry(
                    term,
                    log.lastIndex() + 1 + entries.size(),
                    EntryType.CONF_CHANGE,
                    change.toConfChange().encode()));
        }
        log.append(new HardState(term, state.vote(), entries.getLast().index()), entries);
        log.sync();
    }

    private static MemberChange change(MemberChange.Kind kind, long id) {
        return new MemberChange(MemberChange.NOBODYS, kind, new Member(id, "", List.of(), List.of(), false), 0);
    }
}
