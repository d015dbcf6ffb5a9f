package dev.keelson.raft;

import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.quorum.JointConfig;
import dev.keelson.raft.quorum.MajorityConfig;

/**
 * What all roles share, term, vote, leader, membership and log, and the transitions between the roles.
 *
 * <p>Invariants: the term never falls; the vote changes once a term, from nobody to somebody; the leader of a term, once
 * known, stays the same until this node gives it up.
 *
 * <p>Legal transitions, everything else is a bug and stops the node:
 *
 * <pre>
 *   FOLLOWER      → FOLLOWER, PRE_CANDIDATE, CANDIDATE (asked to by the leader)
 *   PRE_CANDIDATE → FOLLOWER, PRE_CANDIDATE, CANDIDATE
 *   CANDIDATE     → FOLLOWER, PRE_CANDIDATE, LEADER
 *   LEADER        → FOLLOWER
 * </pre>
 */
final class RaftCore {

    final RaftConfig config;
    final RaftLog log;
    final Outbox outbox = new Outbox();
    private final ElectionTimer timer;
    private ConfState confState;
    private JointConfig voters;
    private long term;
    private long vote;
    private long leader;
    private ActiveRole active;

    RaftCore(RaftConfig config, RaftLog log, ElectionTimer timer, HardState hardState, ConfState confState) {
        this.config = config;
        this.log = log;
        this.timer = timer;
        this.term = hardState.term();
        this.vote = hardState.vote();
        this.confState = confState;
        this.voters = votersOf(confState);
        this.active = new FollowerRole(this);
    }

    private static JointConfig votersOf(ConfState confState) {
        return new JointConfig(new MajorityConfig(confState.voters()), new MajorityConfig(confState.votersOutgoing()));
    }

    // ---- transitions

    /** @param newLeader the leader of {@code newTerm}, 0 when not known */
    void becomeFollower(long newTerm, long newLeader) {
        enter(Role.FOLLOWER);
        moveTo(newTerm);
        leader = newLeader;
        timer.redraw();
        active = new FollowerRole(this);
    }

    void becomePreCandidate() {
        enter(Role.PRE_CANDIDATE);
        leader = 0;
        timer.redraw();
        var role = new PreCandidateRole(this);
        active = role;
        role.begin();
    }

    private void becomeCandidate(boolean transfer) {
        enter(Role.CANDIDATE);
        moveTo(term + 1);
        vote = config.id();
        leader = 0;
        timer.redraw();
        var role = new CandidateRole(this);
        active = role;
        role.begin(transfer);
    }

    void becomeLeader() {
        enter(Role.LEADER);
        Invariant.check(vote == config.id(), "a leader voted for itself");
        leader = config.id();
        var role = new LeaderRole(this);
        active = role;
        role.begin();
    }

    private void enter(Role next) {
        Role now = active.role();
        boolean legal = switch (next) {
            case FOLLOWER -> true;
            case PRE_CANDIDATE, CANDIDATE -> now != Role.LEADER;
            case LEADER -> now == Role.CANDIDATE;
        };
        Invariant.check(legal, () -> "node " + config.id() + " went from " + now + " to " + next);
        Invariant.check(next != Role.CANDIDATE || now != Role.CANDIDATE, "a candidate asks again by a pre-vote");
    }

    private void moveTo(long newTerm) {
        Invariant.check(newTerm >= term, () -> "the term would fall from " + term + " to " + newTerm);
        if (newTerm > term) {
            term = newTerm;
            vote = HardState.NO_VOTE;
        }
    }

    /** A message of the leader of this term came; returns the follower that this node is of it. */
    FollowerRole follow(long from) {
        if (active instanceof FollowerRole follower && leader == from) {
            timer.restart();
            return follower;
        }
        Invariant.check(
                !(active instanceof LeaderRole) && (leader == 0 || leader == from),
                () -> "term " + term + " has two leaders, " + leader + " and " + from);
        becomeFollower(term, from);
        return (FollowerRole) active;
    }

    void voteFor(long candidate) {
        Invariant.check(vote == HardState.NO_VOTE || vote == candidate, "one vote a term");
        vote = candidate;
        timer.restart();
    }

    // ---- elections

    void tickElection() {
        // The timer of a node that may not campaign runs on: were it restarted, a leader long gone would look fresh.
        if (timer.tick() && mayCampaign()) {
            becomePreCandidate();
        }
    }

    void startElection() {
        if (!(active instanceof LeaderRole) && mayCampaign()) {
            becomePreCandidate();
        }
    }

    /** Asks for votes, unless what made it worth while has passed since the pre-vote began. */
    void campaign(boolean transfer) {
        if (mayCampaign()) {
            becomeCandidate(transfer);
        } else {
            becomeFollower(term, 0);
        }
    }

    /** Only a voter that knows the membership it would lead, and has its store in place. */
    boolean mayCampaign() {
        return voters.contains(config.id()) && log.pendingSnapshot() == null && !log.hasUnappliedConfChange();
    }

    /**
     * Whether a leader was heard so recently that a vote for somebody else would only disturb (thesis 4.2.3). A leader
     * that may not have a majority any more finds out by itself and steps down.
     */
    boolean isLeaderFresh() {
        return leader != 0 && (leader == config.id() || timer.isFresh());
    }

    // ---- membership

    void setConfState(ConfState newState) {
        confState = newState;
        voters = votersOf(newState);
    }

    // ---- what it knows

    ActiveRole active() {
        return active;
    }

    long id() {
        return config.id();
    }

    long term() {
        return term;
    }

    long vote() {
        return vote;
    }

    long leader() {
        return leader;
    }

    JointConfig voters() {
        return voters;
    }

    ConfState confState() {
        return confState;
    }
}
