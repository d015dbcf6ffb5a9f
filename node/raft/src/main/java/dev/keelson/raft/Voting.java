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
 * <p>A node that was removed asks a candidate for no more than what is committed here. It may have led, with entries
 * behind its removal that nobody else has; the last of two voters, not knowing yet that it is alone, would be refused for
 * them for ever. Nothing is lost by that: {@code n} voters remain, a candidate that still counts this one needs
 * {@code floor((n + 1) / 2)} of them beside it, which meets every majority of the {@code n}.
 */
final class Voting {

    private final RaftCore core;

    Voting(RaftCore core) {
        this.core = core;
    }

    void answer(Message.PreVoteRequest request) {
        boolean free = request.term() > core.term() || isFreeFor(request.from());
        boolean granted = free && isComplete(request.lastIndex(), request.lastTerm());
        // A grant carries the term asked for, a refusal our own, so that the asker learns of a later one.
        long term = granted ? request.term() : core.term();
        core.outbox.sendAfterSync(new Message.PreVoteResponse(core.id(), request.from(), term, granted));
    }

    void answer(Message.VoteRequest request) {
        boolean granted = isFreeFor(request.from()) && isComplete(request.lastIndex(), request.lastTerm());
        if (granted) {
            core.voteFor(request.from());
        }
        core.outbox.sendAfterSync(new Message.VoteResponse(core.id(), request.from(), core.term(), granted));
    }

    private boolean isComplete(long lastIndex, long lastTerm) {
        return core.isRemoved()
                ? core.log.holdsCommitted(lastIndex, lastTerm)
                : core.log.isUpToDate(lastIndex, lastTerm);
    }

    private boolean isFreeFor(long candidate) {
        return core.vote() == candidate || core.vote() == HardState.NO_VOTE && core.leader() == 0;
    }
}
