package dev.keelson.raft;

import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;

/** Takes over the leader's log, and forwards to the leader what only it can do. */
final class FollowerRole implements ActiveRole {

    private final RaftCore core;
    private final RaftLog log;

    FollowerRole(RaftCore core) {
        this.core = core;
        this.log = core.log;
    }

    @Override
    public Role role() {
        return Role.FOLLOWER;
    }

    @Override
    public void tick() {
        core.tickElection();
    }

    void step(Message.AppendRequest request) {
        if (log.pendingSnapshot() != null) {
            // An acknowledgement now would speak of a log that is not in place; to the leader the append is lost.
            return;
        }
        if (request.prevIndex() < log.committed()) {
            acknowledge(log.committed());
            return;
        }
        if (!log.matches(request.prevIndex(), request.prevTerm())) {
            refuse(request);
            return;
        }
        log.appendDiffering(request.entries(), request.term());
        long reached = request.prevIndex() + request.entries().size();
        log.commitTo(Math.min(request.commit(), reached));
        acknowledge(reached);
    }

    private void refuse(Message.AppendRequest request) {
        long hint = log.hintIndex(request.prevIndex(), request.prevTerm());
        core.outbox.sendAfterSync(new Message.AppendResponse(
                core.id(), request.from(), core.term(), request.prevIndex(), true, hint, Math.max(0, log.term(hint))));
    }

    private void acknowledge(long index) {
        core.outbox.sendAfterSync(
                new Message.AppendResponse(core.id(), core.leader(), core.term(), index, false, 0, 0));
    }

    void step(Message.Heartbeat heartbeat) {
        log.commitTo(heartbeat.commit());
        // At once, though the term may not be durable: who answered in a term has not voted in a later one by then,
        // and that is all that reads and the leader's quorum check take from it.
        core.outbox.send(
                new Message.HeartbeatResponse(core.id(), heartbeat.from(), core.term(), heartbeat.readNonce()));
    }

    void step(Message.InstallSnapshot install) {
        if (log.pendingSnapshot() != null) {
            return;
        }
        SnapshotMetadata metadata = install.metadata();
        boolean member = metadata.confState().voters().contains(core.id())
                || metadata.confState().learners().contains(core.id());
        if (metadata.index() <= log.committed() || !member) {
            acknowledge(log.committed());
            return;
        }
        if (log.matches(metadata.index(), metadata.term())) {
            log.commitTo(metadata.index());
            acknowledge(metadata.index());
            return;
        }
        // Entries taken over since the last Ready are dropped with the rest of the log and never stored. The answers
        // that
        // speak of them would leave before the snapshot is in place; a crash in between, and what the leader counted as
        // durable here is nowhere.
        core.outbox.dropAppendResponses();
        log.restore(metadata, core.term());
    }

    /** The leader wants this node to lead (thesis 3.10). */
    void timeoutNow() {
        if (core.mayCampaign()) {
            core.campaign(true);
        }
    }
}
