package dev.keelson.raft;

import dev.keelson.raft.message.Message;

/**
 * Asks whether an election could be won before it moves to a new term, so that a member that was cut off, and will lose
 * for its short log or the others' living leader, disturbs nobody when it returns (thesis 9.6).
 */
final class PreCandidateRole implements ActiveRole {

    private final RaftCore core;
    private final VoteTally votes = new VoteTally();

    PreCandidateRole(RaftCore core) {
        this.core = core;
    }

    @Override
    public Role role() {
        return Role.PRE_CANDIDATE;
    }

    void begin() {
        votes.record(core.id(), true);
        for (long voter : core.voters().ids()) {
            if (voter != core.id()) {
                core.outbox.send(new Message.PreVoteRequest(
                        core.id(), voter, core.term() + 1, core.log.lastIndex(), core.log.lastTerm()));
            }
        }
        decide();
    }

    @Override
    public void tick() {
        core.tickElection();
    }

    void count(Message.PreVoteResponse response) {
        if (response.granted() && response.term() != core.term() + 1) {
            return;
        }
        votes.record(response.from(), response.granted());
        decide();
    }

    private void decide() {
        switch (votes.result(core.voters())) {
            case WON -> core.campaign(false);
            case LOST -> core.becomeFollower(core.term(), 0);
            case PENDING -> {}
        }
    }
}
