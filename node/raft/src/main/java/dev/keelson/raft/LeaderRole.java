package dev.keelson.raft;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.progress.Inflights;
import dev.keelson.raft.progress.Progress;
import dev.keelson.raft.progress.ProgressTracker;
import dev.keelson.raft.read.ReadIndexQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The leader of one term: accepts proposals, commits, confirms reads, hands its office over, and gives it up when it
 * does not hear a majority.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Only entries of its own term are committed by counting; earlier ones are committed by what follows them
 *       (paper 5.4.2, figure 8). Its first entry is therefore an empty one.
 *   <li>It counts itself through what its own disk has, not through what it has appended.
 *   <li>It proposes a membership change only when the one before has taken effect here.
 *   <li>No read is confirmed before an entry of its term is committed: until then it does not know what is.
 *   <li>Having elected itself alone it sends nothing until its term is durable. A crash would otherwise let it lead the
 *       same term twice, and a learner could keep entries of both.
 * </ul>
 */
final class LeaderRole implements ActiveRole {

    private final RaftCore core;
    private final RaftLog log;
    private final ProgressTracker tracker;
    private final Replication replication;
    private final ReadIndexQueue reads = new ReadIndexQueue();
    private final Inflights uncommitted;
    private final long firstOwnIndex;
    private boolean termDurable;
    private long pendingConfIndex;
    private int ticksSinceHeartbeat;
    private int ticksSinceQuorumCheck;
    private long transferee;
    private int ticksSinceTransfer;

    LeaderRole(RaftCore core) {
        this.core = core;
        this.log = core.log;
        this.tracker = new ProgressTracker(core.voters(), learners(), this::newProgress);
        this.replication = new Replication(core, tracker);
        this.uncommitted = new Inflights(Integer.MAX_VALUE, core.config.uncommittedBytesMax());
        this.firstOwnIndex = log.lastIndex() + 1;
        this.termDurable = !core.voters().isOnly(core.id());
    }

    private Progress newProgress() {
        return new Progress(
                log.lastIndex() + 1, new Inflights(core.config.inflightMessagesMax(), core.config.inflightBytesMax()));
    }

    private long[] learners() {
        return core.confState().learners().stream().mapToLong(Long::longValue).toArray();
    }

    void begin() {
        // What lies uncommitted may hold a membership change; to take all of it for one is safe and simple.
        pendingConfIndex = log.lastIndex();
        own().acknowledged(log.persisted());
        append(List.of(new Entry(0, 0, EntryType.NORMAL, new byte[0])));
    }

    private Progress own() {
        Progress own = tracker.find(core.id());
        return Objects.requireNonNull(own, "a leader is a member");
    }

    @Override
    public Role role() {
        return Role.LEADER;
    }

    // ---- time

    @Override
    public void tick() {
        if (transferee != 0 && ++ticksSinceTransfer >= core.config.electionTicks()) {
            transferee = 0;
        }
        if (++ticksSinceQuorumCheck >= core.config.electionTicks()) {
            ticksSinceQuorumCheck = 0;
            if (!tracker.isQuorum(core.id(), Progress::isRecentlyActive)) {
                core.becomeFollower(core.term(), 0);
                return;
            }
            for (int i = 0; i < tracker.size(); i++) {
                tracker.at(i).setRecentlyActive(false);
            }
        }
        if (++ticksSinceHeartbeat >= core.config.heartbeatTicks()) {
            heartbeat(reads.retryRound());
        }
    }

    private void heartbeat(long nonce) {
        ticksSinceHeartbeat = 0;
        if (!termDurable) {
            return;
        }
        for (int i = 0; i < tracker.size(); i++) {
            long to = tracker.id(i);
            if (to != core.id()) {
                // Never beyond what the member is known to have: the rest of its log may be another leader's.
                long commit = Math.min(tracker.at(i).match(), log.committed());
                core.outbox.send(new Message.Heartbeat(core.id(), to, core.term(), commit, nonce));
            }
        }
    }

    // ---- proposals

    /** @param entries term and index are given here */
    ProposalResult propose(List<Entry> entries) {
        if (transferee != 0) {
            return ProposalResult.TRANSFERRING;
        }
        if (entries.isEmpty()) {
            return ProposalResult.ACCEPTED;
        }
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            bytes += entry.sizeBytes();
            if (entry.type() == EntryType.CONF_CHANGE && (isConfChangePending() || entries.size() > 1)) {
                return ProposalResult.CONF_CHANGE_PENDING;
            }
        }
        if (uncommitted.count() > 0 && uncommitted.bytes() + bytes > core.config.uncommittedBytesMax()) {
            return ProposalResult.TOO_MANY;
        }
        append(entries);
        uncommitted.add(log.lastIndex(), bytes);
        return ProposalResult.ACCEPTED;
    }

    private boolean isConfChangePending() {
        return pendingConfIndex > log.applied() || log.hasUnappliedConfChange();
    }

    private void append(List<Entry> proposed) {
        long index = log.lastIndex();
        var entries = new Entry[proposed.size()];
        for (int i = 0; i < entries.length; i++) {
            Entry entry = proposed.get(i);
            index++;
            entries[i] = new Entry(core.term(), index, entry.type(), entry.payload());
            if (entry.type() == EntryType.CONF_CHANGE) {
                pendingConfIndex = index;
            }
        }
        log.append(List.of(entries), core.term());
        replicateToAll();
    }

    private void replicateToAll() {
        if (termDurable) {
            replication.toAll();
        }
    }

    // ---- answers

    void step(Message message) {
        switch (message) {
            case Message.AppendResponse response -> appendAnswered(response);
            case Message.HeartbeatResponse response -> heartbeatAnswered(response);
            case Message.Propose propose -> propose(propose.entries());
            case Message.ReadIndexRequest request -> readIndex(request.from(), request.requestId());
            case Message.TransferLeader transfer -> transfer(transfer.target());
            case Message.AppendRequest _,
                    Message.Heartbeat _,
                    Message.InstallSnapshot _,
                    Message.PreVoteRequest _,
                    Message.PreVoteResponse _,
                    Message.VoteRequest _,
                    Message.VoteResponse _,
                    Message.TimeoutNow _,
                    Message.ReadIndexResponse _ -> throw new InvariantViolation("not for a leader: " + message);
        }
    }

    private void appendAnswered(Message.AppendResponse response) {
        Progress progress = tracker.find(response.from());
        if (progress == null) {
            return;
        }
        progress.setRecentlyActive(true);
        if (response.rejected()) {
            replication.refused(progress, response);
            return;
        }
        Invariant.check(response.index() <= log.lastIndex(), "a member acknowledged what we do not have");
        if (!progress.acknowledged(response.index())) {
            return;
        }
        progress.connectTo(log.firstIndex());
        if (!maybeCommit()) {
            replication.to(response.from(), progress);
        }
        if (response.from() == transferee) {
            timeoutNowWhenCaughtUp(progress);
        }
    }

    private void heartbeatAnswered(Message.HeartbeatResponse response) {
        Progress progress = tracker.find(response.from());
        if (progress == null) {
            return;
        }
        progress.setRecentlyActive(true);
        replication.alive(response.from(), progress);
        if (progress.answeredRead(response.readNonce())) {
            releaseReads();
        }
    }

    void unreachable(long peer) {
        replication.unreachable(peer);
    }

    void snapshotReported(long peer, boolean delivered) {
        replication.snapshotReported(peer, delivered);
    }

    // ---- commit

    /** This node's own disk has more. */
    void persisted() {
        if (!termDurable && log.persisted() >= firstOwnIndex) {
            termDurable = true;
            replication.toAll();
        }
        if (own().acknowledged(log.persisted())) {
            maybeCommit();
        }
    }

    private boolean maybeCommit() {
        long reached = tracker.committedIndex();
        if (reached <= log.committed() || reached < firstOwnIndex) {
            return false;
        }
        boolean first = log.committed() < firstOwnIndex;
        log.commitTo(reached);
        uncommitted.freeTo(reached);
        replicateToAll();
        if (first) {
            releaseEarlyReads();
        }
        return true;
    }

    // ---- membership

    void confChanged() {
        if (!core.voters().contains(core.id())) {
            // Removed or made a learner: the new configuration elects one of its own (thesis 4.2.2).
            core.becomeFollower(core.term(), 0);
            return;
        }
        tracker.reconfigure(core.voters(), learners(), () -> {
            Progress added = newProgress();
            // It had no chance to be heard yet, and must not make the next quorum check fail.
            added.setRecentlyActive(true);
            return added;
        });
        if (transferee != 0 && !core.voters().contains(transferee)) {
            transferee = 0;
        }
        if (!maybeCommit()) {
            replicateToAll();
        }
        releaseReads();
    }

    // ---- reads

    private record EarlyRead(long from, long requestId) {}

    private final List<EarlyRead> earlyReads = new ArrayList<>();

    void readIndex(long from, long requestId) {
        if (log.committed() < firstOwnIndex) {
            if (earlyReads.size() < ReadIndexQueue.PENDING_MAX) {
                earlyReads.add(new EarlyRead(from, requestId));
            }
        } else if (core.voters().isOnly(core.id())) {
            answerRead(from, requestId, log.committed());
        } else {
            reads.add(from, requestId, log.committed());
        }
    }

    private void releaseEarlyReads() {
        var waited = List.copyOf(earlyReads);
        earlyReads.clear();
        waited.forEach(read -> readIndex(read.from(), read.requestId()));
    }

    /** Whether reads wait for a round of heartbeats. */
    boolean needsReadRound() {
        return reads.needsRound();
    }

    /** One round for all reads asked for since the last: called when a Ready is put together. */
    void startReadRound() {
        if (reads.needsRound()) {
            heartbeat(reads.startRound());
            releaseReads();
        }
    }

    private void releaseReads() {
        reads.release(
                nonce -> tracker.isQuorum(core.id(), progress -> progress.readNonce() >= nonce),
                read -> answerRead(read.from(), read.requestId(), read.index()));
    }

    private void answerRead(long from, long requestId, long index) {
        if (from == core.id()) {
            core.outbox.confirm(requestId, index);
        } else {
            core.outbox.send(new Message.ReadIndexResponse(core.id(), from, core.term(), requestId, index));
        }
    }

    // ---- transfer (thesis 3.10)

    void transfer(long target) {
        Progress progress = tracker.find(target);
        if (progress == null || !core.voters().contains(target) || target == core.id() || target == transferee) {
            return;
        }
        transferee = target;
        ticksSinceTransfer = 0;
        timeoutNowWhenCaughtUp(progress);
    }

    private void timeoutNowWhenCaughtUp(Progress progress) {
        if (progress.match() == log.lastIndex()) {
            core.outbox.send(new Message.TimeoutNow(core.id(), transferee, core.term()));
        }
    }

    long transferee() {
        return transferee;
    }

    ProgressTracker tracker() {
        return tracker;
    }
}
