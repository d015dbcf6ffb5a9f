package dev.keelson.sim.cluster;

import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.auth.AuthRows;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.Role;
import dev.keelson.raft.log.HardState;
import dev.keelson.sim.cluster.Canon.Decided;
import dev.keelson.sim.world.Goals.Goal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What must hold of a cluster after every event, whatever has happened to it.
 *
 * <p>Thread rule: one thread.
 */
final class ClusterChecks {

    private static final int HASHES_MAX = 512;
    private static final String ALARM_ROWS = "alarm/";

    private final SimCluster cluster;
    private final Canon canon = new Canon();
    private final MembersModel members = new MembersModel();
    private final Map<Long, Seen> seen = new HashMap<>();
    /** The voters in force from an index on. */
    private final TreeMap<Long, List<Long>> configurations = new TreeMap<>();

    private final TreeMap<Long, Integer> hashes = new TreeMap<>();

    /** What a member was last seen as in this life. */
    private static final class Seen {
        private HardState state = HardState.EMPTY;
        private long commit;
        private long applied;
        private long decided;
        private List<Long> voters = List.of();
    }

    ClusterChecks(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** A member begins a life; what was only in memory is forgotten. */
    void started(long id, HardState found) {
        Seen of = seen.computeIfAbsent(id, _ -> new Seen());
        of.state = found;
        of.commit = 0;
        of.applied = 0;
        of.decided = 0;
    }

    /** A start found all that the life before had been promised to be durable. */
    void keptItsPromises(long id, ObservedLog former, ObservedLog found) {
        HardState promised = former.durableState();
        HardState kept = found.hardState();
        boolean sameTerm = kept.term() == promised.term();
        if (kept.term() < promised.term()
                || sameTerm && promised.vote() != HardState.NO_VOTE && kept.vote() != promised.vote()) {
            throw new AssertionError("member " + id + " had made durable " + promised + " and finds " + kept);
        }
        for (long index = found.firstIndex(); index <= former.durableIndex(); index++) {
            Decided before = former.at(index);
            if (before != null && !before.equals(found.at(index)) && !replacedLater(found, index, before)) {
                throw new AssertionError("member " + id + " had made entry " + index + " durable as " + before
                        + " and finds " + found.at(index));
            }
        }
    }

    /** An entry of a later term may have been written over it without having been synced yet when the crash came. */
    private static boolean replacedLater(ObservedLog found, long index, Decided before) {
        Decided now = found.at(index);
        return now != null && now.term() > before.term();
    }

    void after(SimMember member) {
        if (!member.isAlive() || member.isPaused()) {
            return;
        }
        RaftStatus status = member.engine().raftStatus();
        Seen of = seen.computeIfAbsent(member.id(), _ -> new Seen());
        long id = member.id();
        boolean voteKept = status.term() > of.state.term()
                || of.state.vote() == HardState.NO_VOTE
                || of.state.vote() == status.vote();
        require(id, status.term() >= of.state.term() && voteKept, "term or vote went back", of.state, status);
        require(id, status.commit() >= of.commit, "commit went back", of.commit, status);
        require(id, status.applied() >= of.applied, "applied went back", of.applied, status);
        require(id, status.applied() <= status.commit(), "applied what is not committed", of.applied, status);
        require(id, status.commit() <= status.lastIndex(), "committed what it does not have", of.commit, status);
        if (of.state.term() != status.term() || of.state.vote() != status.vote()) {
            of.state = new HardState(status.term(), status.vote(), 0);
        }
        of.commit = status.commit();
        of.applied = status.applied();
        if (status.role() == Role.LEADER) {
            canon.leads(id, status.term());
        }
        if (!of.voters.equals(status.confState().voters())) {
            of.voters = status.confState().voters();
            inForceFrom(status.applied(), of.voters);
        }
        decide(member, of, status);
        cluster.inForce(status.applied(), of.voters);
    }

    private void inForceFrom(long index, List<Long> voters) {
        var before = configurations.floorEntry(index);
        if (before == null || !before.getValue().equals(voters)) {
            configurations.put(index, voters);
            var after = configurations.higherEntry(index);
            if (after != null && after.getValue().equals(voters)) {
                configurations.remove(after.getKey());
            }
        }
    }

    private static void require(long id, boolean holds, String what, Object before, RaftStatus now) {
        if (!holds) {
            throw new AssertionError("member " + id + ": " + what + ", from " + before + " to " + now);
        }
    }

    /**
     * Writes down what the member has applied. What it has merely committed may not have reached its log yet, where an
     * entry of a deposed leader still stands in its place.
     */
    private void decide(SimMember member, Seen of, RaftStatus status) {
        ObservedLog log = Objects.requireNonNull(member.log());
        of.decided = Math.max(of.decided, log.firstIndex() - 1);
        while (of.decided < Math.min(status.applied(), log.lastIndex())) {
            long index = of.decided + 1;
            Decided entry = log.at(index);
            if (entry == null || index > canon.lastIndex() + 1) {
                return;
            }
            boolean isNew = index > canon.lastIndex();
            canon.decide(member.id(), index, entry);
            if (isNew) {
                members.decide(index, entry.change());
                requireQuorum(member.id(), index, entry);
                if (entry.isLateExpiry()) {
                    cluster.goals().reach(Goal.EXPIRY_OF_DEPOSED_LEADER_IGNORED);
                }
            }
            of.decided = index;
        }
    }

    /**
     * A committed entry is durable on a quorum of the voters in force when it was committed: those before it, those
     * before them, since what comes behind a change is committed by the former until it has taken effect, or later ones.
     */
    private void requireQuorum(long id, long index, Decided entry) {
        Long since = configurations.floorKey(index);
        Long before = since == null ? null : configurations.lowerKey(since);
        var possible = before == null ? configurations : configurations.tailMap(before, true);
        if (possible.values().stream().noneMatch(voters -> isQuorum(voters, index, entry))) {
            throw new AssertionError("member " + id + " committed index " + index + " without a quorum of any of "
                    + possible + " that has it");
        }
    }

    private boolean isQuorum(List<Long> voters, long index, Decided entry) {
        long having = voters.stream().filter(id -> has(id, index, entry)).count();
        // The members that a cluster starts with write its first entries without asking each other.
        return having > voters.size() / 2 || voters.isEmpty() || entry.term() == 1;
    }

    private boolean has(long id, long index, Decided entry) {
        SimMember member = cluster.find(id);
        ObservedLog log = member == null ? null : member.log();
        return log != null && (index < log.firstIndex() || index <= log.durableIndex() && entry.equals(log.at(index)));
    }

    /** Members that have applied the same entries hold the same. */
    void compareStores() {
        for (SimMember member : cluster.members()) {
            if (!member.isAlive()) {
                continue;
            }
            try (ReadView view = MvccStore.open(member.store().snapshot()).view()) {
                long index = AppliedPoint.decode(view.meta(AppliedPoint.ROW)).index();
                var users = new AuthFacts(AuthRows.load(view));
                requireKnown(member, index, users);
                requireMembers(member, index, Membership.load(view));
                int alarms = view.metaPrefix(ALARM_ROWS).keySet().hashCode();
                int hash = 31 * (31 * view.hashKv(0).hash() + users.hash()) + alarms;
                Integer before = hashes.putIfAbsent(index, hash);
                if (before != null && before != hash) {
                    throw new AssertionError("member " + member.id() + " differs from others at index " + index);
                }
            }
        }
        while (hashes.size() > HASHES_MAX) {
            hashes.pollFirstEntry();
        }
    }

    /** What a member judges by is what it has stored (etcd #14571), unless a snapshot is just taking the store's place. */
    private static void requireKnown(SimMember member, long index, AuthFacts stored) {
        var known = new AuthFacts(member.engine().auth().state());
        if (member.engine().auth().appliedIndex() == index && !known.text().equals(stored.text())) {
            throw new AssertionError(
                    "member " + member.id() + " judges by " + known.text() + " and has stored " + stored.text());
        }
    }

    /** The members that are stored are those that the decided changes make up, and the consensus core knows no others. */
    private void requireMembers(SimMember member, long index, Membership stored) {
        if (index <= canon.lastIndex()) {
            members.require(member.id(), index, stored);
        }
        RaftStatus status = member.engine().raftStatus();
        if (status.applied() == index && !status.confState().equals(stored.confState())) {
            throw new AssertionError("member " + member.id() + " agrees with " + status.confState() + " at index "
                    + index + " and has stored " + stored.confState());
        }
    }

    /** Logs of any two members agree wherever they overlap at the same term (the log matching property). */
    void compareLogs() {
        List<SimMember> all = new ArrayList<>(cluster.members());
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                ObservedLog one = all.get(i).log();
                ObservedLog other = all.get(j).log();
                if (one != null
                        && other != null
                        && all.get(i).isAlive()
                        && all.get(j).isAlive()) {
                    match(all.get(i).id(), one, all.get(j).id(), other);
                }
            }
        }
    }

    private static void match(long id, ObservedLog one, long otherId, ObservedLog other) {
        boolean mustAgree = false;
        long lo = Math.max(one.firstIndex(), other.firstIndex());
        for (long index = Math.min(one.lastIndex(), other.lastIndex()); index >= lo; index--) {
            Decided mine = one.at(index);
            Decided theirs = other.at(index);
            if (mine == null || theirs == null) {
                continue;
            }
            mustAgree |= mine.term() == theirs.term();
            if (mustAgree && !mine.equals(theirs)) {
                throw new AssertionError("logs of " + id + " and " + otherId + " agree later but not at " + index);
            }
        }
    }
}
