package dev.keelson.raft;

import dev.keelson.raft.message.Message;

/** Lets a message through to the role it is for, having compared its term with the node's (paper 5.1). */
final class MessageGate {

    private final RaftCore core;
    private final Voting voting;

    MessageGate(RaftCore core) {
        this.core = core;
        this.voting = new Voting(core);
    }

    void step(Message message) {
        if (!isForThis(message)) {
            return;
        }
        learnCommitted(message);
        if (message.term() < core.term()) {
            answerEarlierTerm(message);
            return;
        }
        if (message.term() > core.term() && !acceptLaterTerm(message)) {
            return;
        }
        dispatch(message);
    }

    /** A member may listen where another one did before (etcd #17813). */
    private boolean isForThis(Message message) {
        return message.to() == core.id() && message.from() != core.id();
    }

    /** What is committed stays so: it does not matter how old the message is. */
    private void learnCommitted(Message message) {
        switch (message) {
            case Message.PreVoteResponse response -> learnCommitted(response.commit(), response.commitTerm());
            case Message.VoteResponse response -> learnCommitted(response.commit(), response.commitTerm());
            case Message.PreVoteRequest _,
                    Message.VoteRequest _,
                    Message.AppendRequest _,
                    Message.AppendResponse _,
                    Message.Heartbeat _,
                    Message.HeartbeatResponse _,
                    Message.InstallSnapshot _,
                    Message.TimeoutNow _,
                    Message.Propose _,
                    Message.ReadIndexRequest _,
                    Message.ReadIndexResponse _,
                    Message.TransferLeader _ -> {}
        }
    }

    private void learnCommitted(long index, long term) {
        // A leader finds out by itself, and does more then.
        if (!(core.active() instanceof LeaderRole) && core.log.matches(index, term)) {
            core.log.commitTo(index);
        }
    }

    private void dispatch(Message message) {
        ActiveRole active = core.active();
        LeaderRole leading = active instanceof LeaderRole role ? role : null;
        switch (message) {
            case Message.AppendRequest request -> core.follow(request.from()).step(request);
            case Message.Heartbeat heartbeat -> core.follow(heartbeat.from()).step(heartbeat);
            case Message.InstallSnapshot install -> core.follow(install.from()).step(install);
            case Message.PreVoteRequest request -> {
                if (!core.isLeaderFresh() || request.term() == core.term()) {
                    voting.answer(request);
                }
            }
            case Message.VoteRequest request -> voting.answer(request);
            case Message.PreVoteResponse response -> {
                if (active instanceof PreCandidateRole role) {
                    role.count(response);
                }
            }
            case Message.VoteResponse response -> {
                if (active instanceof CandidateRole role) {
                    role.count(response);
                }
            }
            case Message.TimeoutNow request -> {
                if (active instanceof FollowerRole role && request.from() == core.leader()) {
                    role.timeoutNow();
                }
            }
            case Message.ReadIndexResponse response -> core.outbox.confirm(response.requestId(), response.index());
            case Message.AppendResponse _,
                    Message.HeartbeatResponse _,
                    Message.Propose _,
                    Message.ReadIndexRequest _,
                    Message.TransferLeader _ -> {
                if (leading != null) {
                    leading.step(message);
                }
            }
        }
    }

    /** Whether to go on with a message of a later term, after moving to that term where the message calls for it. */
    private boolean acceptLaterTerm(Message message) {
        switch (message) {
            // Asks for a term, nobody has it yet.
            case Message.PreVoteRequest _ -> {
                return true;
            }
            // A grant carries the term that was asked for.
            case Message.PreVoteResponse response -> {
                if (!response.granted()) {
                    core.becomeFollower(message.term(), 0);
                }
                return response.granted();
            }
            case Message.VoteRequest request -> {
                if (!request.transfer() && core.isLeaderFresh()) {
                    return false;
                }
                core.becomeFollower(message.term(), 0);
                return true;
            }
            case Message.AppendRequest _, Message.Heartbeat _, Message.InstallSnapshot _ -> {
                core.becomeFollower(message.term(), message.from());
                return true;
            }
            case Message.VoteResponse _,
                    Message.AppendResponse _,
                    Message.HeartbeatResponse _,
                    Message.TimeoutNow _,
                    Message.Propose _,
                    Message.ReadIndexRequest _,
                    Message.ReadIndexResponse _,
                    Message.TransferLeader _ -> {
                core.becomeFollower(message.term(), 0);
                return true;
            }
        }
    }

    private void answerEarlierTerm(Message message) {
        switch (message) {
            // The leader of an earlier term learns the present one and steps down. Silence would leave a member whose
            // term ran ahead outside for ever: its requests for votes are ignored within the leader's lease.
            case Message.AppendRequest _, Message.Heartbeat _, Message.InstallSnapshot _ ->
                core.outbox.sendAfterSync(
                        new Message.AppendResponse(core.id(), message.from(), core.term(), 0, true, 0, 0));
            // The asker would otherwise ask for a term that has passed, for ever.
            case Message.PreVoteRequest request -> voting.refuse(request);
            case Message.VoteRequest _,
                    Message.PreVoteResponse _,
                    Message.VoteResponse _,
                    Message.AppendResponse _,
                    Message.HeartbeatResponse _,
                    Message.TimeoutNow _,
                    Message.Propose _,
                    Message.ReadIndexRequest _,
                    Message.ReadIndexResponse _,
                    Message.TransferLeader _ -> {}
        }
    }
}
