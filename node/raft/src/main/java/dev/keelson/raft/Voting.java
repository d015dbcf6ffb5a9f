package dev.keelson.raft;

import dev.keelson.raft.log.HardState;
import dev.keelson.raft.message.Message;

/**
 * Gives and refuses votes (paper 5.2 and 5.4.1).
 *
 * <p>Learners and nodes that know of no membership vote too, as in etcd raft 3.7 (raft.go, Step, MsgVote): a learner may
 * have been promoted by a change that is committed without it. If the leader then fails, the remaining voter cannot win
 * without the learner's vote, and the learner cannot hear of its promotion before somebody wins. Whoever asks in error
 * does not win for it: the asker counts votes of those it knows as voters only.
 *
 * <p>A refusal says what is committed here. A node that was removed may have led, with entries behind its removal that
 * nobody else has, and must refuse whoever lacks them: they may have been committed by a leader that counted it, before
 * the removal took effect there. The last of two voters would be refused for them for ever, not knowing that it is alone;
 * by the refusal it learns that the removal in its own log is committed.
 */
final class Voting {

    private final RaftCore core;

    Voting(RaftCore core) {
        this.core = core;
    }

    void answer(Message.PreVoteRequest request) {
        boolean free = request.term() > core.term() || isFreeFor(request.from());
        boolean granted = free && core.log.isUpToDate(request.lastIndex(), request.lastTerm());
        // A grant carries the term asked for, a refusal our own, so that the asker learns of a later one.
        if (granted) {
            core.outbox.sendAfterSync(
                    new Message.PreVoteResponse(core.id(), request.from(), request.term(), true, 0, 0));
        } else {
            refuse(request);
        }
    }

    /** Refuses a pre-vote in this node's own term. */
    void refuse(Message.PreVoteRequest request) {
        core.outbox.sendAfterSync(new Message.PreVoteResponse(
                core.id(), request.from(), core.term(), false, core.log.committed(), core.log.committedTerm()));
    }

    void answer(Message.VoteRequest request) {
        boolean granted = isFreeFor(request.from()) && core.log.isUpToDate(request.lastIndex(), request.lastTerm());
        if (granted) {
            core.voteFor(request.from());
        }
        core.outbox.sendAfterSync(new Message.VoteResponse(
                core.id(),
                request.from(),
                core.term(),
                granted,
                granted ? 0 : core.log.committed(),
                granted ? 0 : core.log.committedTerm()));
    }

    private boolean isFreeFor(long candidate) {
        return core.vote() == candidate || core.vote() == HardState.NO_VOTE && core.leader() == 0;
    }
}
