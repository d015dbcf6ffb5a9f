package dev.keelson.raft;

import dev.keelson.raft.log.HardState;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.quorum.Quorum.Outcome;
import java.util.HashMap;
import java.util.Map;

/** Asking for votes and giving them (paper 5.2, 5.4.1; thesis 9.6 for the pre-vote). */
final class Election {

    private final RaftNode node;
    private final Map<Long, Boolean> votes = new HashMap<>();

    Election(RaftNode node) {
        this.node = node;
    }

    /** Asks first whether an election could be won, so that a member cut off for a while disturbs nobody. */
    void start() {
        node.becomePreCandidate();
        votes.clear();
        votes.put(node.id(), true);
        if (decided() == Outcome.WON) {
            campaign(false);
            return;
        }
        for (long voter : node.confState().voters()) {
            if (voter != node.id()) {
                node.send(new Message.PreVoteRequest(
                        node.id(), voter, node.term() + 1, node.log.lastIndex(), node.log.lastTerm()));
            }
        }
    }

    void startByTransfer() {
        campaign(true);
    }

    private void campaign(boolean transfer) {
        node.becomeCandidate();
        votes.clear();
        votes.put(node.id(), true);
        // Our own vote counts at once although it is not durable yet: the requests leave only after it is, so no other
        // vote can meet it before; alone, the first entry of the term becomes durable after it in the same log.
        if (decided() == Outcome.WON) {
            node.becomeLeader();
            return;
        }
        for (long voter : node.confState().voters()) {
            if (voter != node.id()) {
                node.sendAfterSync(new Message.VoteRequest(
                        node.id(), voter, node.term(), node.log.lastIndex(), node.log.lastTerm(), transfer));
            }
        }
    }

    void answer(Message.PreVoteRequest request) {
        boolean granted = request.term() > node.term() && node.log.isUpToDate(request.lastIndex(), request.lastTerm());
        // A grant carries the term asked for, a refusal our own, so that the asker learns of a later one.
        long term = granted ? request.term() : node.term();
        node.sendAfterSync(new Message.PreVoteResponse(node.id(), request.from(), term, granted));
    }

    void answer(Message.VoteRequest request) {
        boolean free = node.vote() == request.from() || node.vote() == HardState.NO_VOTE && node.leader() == 0;
        boolean granted = free && node.log.isUpToDate(request.lastIndex(), request.lastTerm());
        if (granted) {
            node.voteFor(request.from());
        }
        node.sendAfterSync(new Message.VoteResponse(node.id(), request.from(), node.term(), granted));
    }

    void count(Message.PreVoteResponse response) {
        if (node.role() != Role.PRE_CANDIDATE || response.granted() && response.term() != node.term() + 1) {
            return;
        }
        votes.putIfAbsent(response.from(), response.granted());
        switch (decided()) {
            case WON -> campaign(false);
            case LOST -> node.becomeFollower(node.term(), 0);
            case PENDING -> {}
        }
    }

    void count(Message.VoteResponse response) {
        if (node.role() != Role.CANDIDATE) {
            return;
        }
        votes.putIfAbsent(response.from(), response.granted());
        switch (decided()) {
            case WON -> node.becomeLeader();
            case LOST -> node.becomeFollower(node.term(), 0);
            case PENDING -> {}
        }
    }

    private Outcome decided() {
        return node.quorum()
                .outcome(
                        voter -> Boolean.TRUE.equals(votes.get(voter)),
                        voter -> Boolean.FALSE.equals(votes.get(voter)));
    }
}
