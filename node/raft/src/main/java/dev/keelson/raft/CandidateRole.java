package dev.keelson.raft;

import dev.keelson.raft.message.Message;

/**
 * Asks for the votes of a new term (paper 5.2).
 *
 * <p>Its own vote counts at once, before it is durable: the requests leave only when it is, so that no other vote can
 * meet it earlier. Who wins by its own vote alone leads quietly until its term is durable, see {@link LeaderRole}.
 */
final class CandidateRole implements ActiveRole {

    private final RaftCore core;
    private final VoteTally votes = new VoteTally();

    CandidateRole(RaftCore core) {
        this.core = core;
    }

    @Override
    public Role role() {
        return Role.CANDIDATE;
    }

    /** @param transfer the leader asked for this election, its lease does not stand in the way (thesis 3.10) */
    void begin(boolean transfer) {
        votes.record(core.id(), true);
        for (long voter : core.voters().ids()) {
            if (voter != core.id()) {
                core.outbox.sendAfterSync(new Message.VoteRequest(
                        core.id(), voter, core.term(), core.log.lastIndex(), core.log.lastTerm(), transfer));
            }
        }
        decide();
    }

    @Override
    public void tick() {
        core.tickElection();
    }

    void count(Message.VoteResponse response) {
        votes.record(response.from(), response.granted());
        decide();
    }

    private void decide() {
        switch (votes.result(core.voters())) {
            case WON -> core.becomeLeader();
            case LOST -> core.becomeFollower(core.term(), 0);
            case PENDING -> {}
        }
    }
}
