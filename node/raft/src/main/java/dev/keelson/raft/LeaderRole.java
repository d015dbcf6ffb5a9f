package dev.keelson.raft;

import dev.keelson.raft.RaftStatus.PeerStatus;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.progress.Inflights;
import dev.keelson.raft.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The leader of one term: replicates, commits, confirms reads, and steps down when a majority is silent.
 *
 * <p>Only entries of its own term are committed by counting (paper 5.4.2); it counts itself when its own disk has them.
 */
final class LeaderRole {

    private final RaftNode node;
    private final RaftLog log;
    private final TreeMap<Long, Progress> members = new TreeMap<>(Long::compareUnsigned);
    private final Reads reads;
    private int ticksSinceHeartbeat;
    private int ticksSinceQuorumCheck;
    private long pendingConfIndex;
    private long uncommittedBytes;
    private long transferee;
    private int transferTicks;

    LeaderRole(RaftNode node) {
        this.node = node;
        this.log = node.log;
        this.reads = new Reads(node, this);
    }

    void begin() {
        // Whatever lies uncommitted may hold a membership change; treating all of it as one is safe and simple.
        pendingConfIndex = log.lastIndex();
        addMembers();
        append(List.of(new Entry(0, 0, EntryType.NORMAL, new byte[0])));
    }

    private void addMembers() {
        for (long id : all()) {
            members.computeIfAbsent(id, _ -> {
                var progress = new Progress(
                        log.lastIndex() + 1,
                        new Inflights(node.config.inflightMessagesMax(), node.config.inflightBytesMax()));
                // Counted as heard from, or the first quorum check would depose a leader that never had its chance.
                progress.setActive(true);
                return progress;
            });
        }
    }

    private List<Long> all() {
        var ids = new ArrayList<Long>();
        ids.addAll(node.quorum().incoming());
        ids.addAll(node.quorum().outgoing());
        ids.addAll(node.confState().learners());
        return ids;
    }

    void confChanged() {
        addMembers();
        List<Long> present = all();
        members.keySet().removeIf(id -> !present.contains(id));
        if (!node.quorum().contains(node.id())) {
            node.becomeFollower(node.term(), 0);
            return;
        }
        if (transferee != 0 && !node.quorum().contains(transferee)) {
            transferee = 0;
        }
        maybeCommit();
        members.keySet().forEach(this::replicate);
    }

    void tick() {
        if (transferee != 0 && ++transferTicks >= node.config.electionTicks()) {
            transferee = 0;
        }
        if (++ticksSinceQuorumCheck >= node.config.electionTicks()) {
            ticksSinceQuorumCheck = 0;
            if (!node.quorum().reachedBy(id -> id == node.id() || isActive(id))) {
                node.becomeFollower(node.term(), 0);
                return;
            }
            members.values().forEach(progress -> progress.setActive(false));
        }
        if (++ticksSinceHeartbeat >= node.config.heartbeatTicks()) {
            ticksSinceHeartbeat = 0;
            heartbeat(reads.lastNonce());
        }
    }

    private boolean isActive(long id) {
        Progress progress = members.get(id);
        return progress != null && progress.isActive();
    }

    void heartbeat(long nonce) {
        members.forEach((id, progress) -> {
            if (id != node.id()) {
                long commit = Math.min(progress.match(), log.committed());
                node.send(new Message.Heartbeat(node.id(), id, node.term(), commit, nonce));
            }
        });
    }

    // ---- proposals

    ProposalResult propose(List<Entry> entries) {
        if (transferee != 0) {
            return ProposalResult.TRANSFERRING;
        }
        for (Entry entry : entries) {
            if (entry.type() == EntryType.CONF_CHANGE && pendingConfIndex > log.applied()) {
                return ProposalResult.CONF_CHANGE_PENDING;
            }
        }
        if (uncommittedBytes >= node.config.uncommittedBytesMax()) {
            return ProposalResult.TOO_MANY;
        }
        append(entries);
        return ProposalResult.ACCEPTED;
    }

    private void append(List<Entry> proposed) {
        var entries = new ArrayList<Entry>(proposed.size());
        long index = log.lastIndex();
        for (Entry entry : proposed) {
            index++;
            entries.add(new Entry(node.term(), index, entry.type(), entry.payload()));
            uncommittedBytes += entry.payload().length;
            if (entry.type() == EntryType.CONF_CHANGE) {
                pendingConfIndex = index;
            }
        }
        log.append(entries);
        members.keySet().forEach(this::replicate);
    }

    // ---- replication

    private void replicate(long to) {
        if (to == node.id()) {
            return;
        }
        Progress progress = progress(to);
        while (!progress.isPaused() && progress.next() <= log.lastIndex()) {
            if (!sendAppend(to, progress) || progress.state() != Progress.State.REPLICATE) {
                return;
            }
        }
    }

    private Progress progress(long id) {
        return java.util.Objects.requireNonNull(members.get(id));
    }

    private boolean sendAppend(long to, Progress progress) {
        long prevIndex = progress.next() - 1;
        long prevTerm = log.term(prevIndex);
        if (progress.next() < log.firstIndex() || prevTerm == LogStorage.TERM_COMPACTED) {
            if (!progress.isActive()) {
                return false;
            }
            progress.becomeSnapshot();
            node.send(new Message.InstallSnapshot(node.id(), to, node.term(), SnapshotMetadata.NONE));
            return false;
        }
        List<Entry> entries = log.entries(progress.next(), node.config.appendBytesMax());
        node.send(new Message.AppendRequest(node.id(), to, node.term(), prevIndex, prevTerm, entries, log.committed()));
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.sizeBytes();
        }
        progress.sent(prevIndex + entries.size(), entries.size(), bytes);
        return true;
    }

    void step(Message.AppendResponse response) {
        Progress progress = members.get(response.from());
        if (progress == null) {
            return;
        }
        progress.setActive(true);
        if (response.rejected()) {
            long hint = response.hintTerm() > 0
                    ? log.hintIndex(response.hintIndex(), response.hintTerm())
                    : response.hintIndex();
            if (progress.rejected(response.index(), hint)) {
                replicate(response.from());
            }
            return;
        }
        boolean news = progress.acknowledged(response.index());
        if (progress.state() == Progress.State.PROBE
                || progress.state() == Progress.State.SNAPSHOT && progress.match() + 1 >= log.firstIndex()) {
            progress.becomeReplicate();
        }
        if (news && maybeCommit()) {
            members.keySet().forEach(this::replicateOrTellCommit);
        } else {
            replicate(response.from());
        }
        if (response.from() == transferee && progress.match() == log.lastIndex()) {
            node.send(new Message.TimeoutNow(node.id(), transferee, node.term()));
        }
    }

    /** Entries carry the commit index along; a member with nothing to receive still wants to hear of it soon. */
    private void replicateOrTellCommit(long to) {
        if (to == node.id()) {
            return;
        }
        Progress progress = progress(to);
        if (progress.next() > log.lastIndex() && !progress.isPaused()) {
            sendAppend(to, progress);
        } else {
            replicate(to);
        }
    }

    void step(Message.HeartbeatResponse response) {
        Progress progress = members.get(response.from());
        if (progress == null) {
            return;
        }
        progress.setActive(true);
        progress.heartbeatAnswered();
        // An append may have been lost: one more, even an empty one, makes the member answer where it is.
        if (progress.match() < log.lastIndex() && progress.state() != Progress.State.SNAPSHOT) {
            sendAppend(response.from(), progress);
        }
        reads.acknowledged(response.from(), response.readNonce());
    }

    void unreachable(long peer) {
        Progress progress = members.get(peer);
        if (progress != null && progress.state() == Progress.State.REPLICATE) {
            progress.becomeProbe();
        }
    }

    void snapshotReported(long peer, boolean delivered) {
        Progress progress = members.get(peer);
        if (progress != null && progress.state() == Progress.State.SNAPSHOT && !delivered) {
            progress.becomeProbe();
        }
    }

    // ---- commit

    void persisted() {
        Progress own = members.get(node.id());
        if (own != null && own.acknowledged(log.persisted()) && maybeCommit()) {
            members.keySet().forEach(this::replicateOrTellCommit);
        }
    }

    private boolean maybeCommit() {
        long reached = node.quorum().committed(id -> {
            Progress progress = members.get(id);
            return progress == null ? 0 : progress.match();
        });
        if (reached <= log.committed() || log.term(reached) != node.term()) {
            return false;
        }
        long before = log.committed();
        log.commitTo(reached);
        uncommittedBytes = reached == log.lastIndex() ? 0 : Math.max(0, uncommittedBytes - bytes(before, reached));
        reads.ownTermCommitted();
        return true;
    }

    private long bytes(long after, long through) {
        long bytes = 0;
        long index = after + 1;
        while (index <= through) {
            for (Entry entry : log.entries(index, Long.MAX_VALUE)) {
                if (entry.index() <= through) {
                    bytes += entry.payload().length;
                }
                index = entry.index() + 1;
            }
        }
        return bytes;
    }

    // ---- reads and transfer

    void readIndex(long from, long requestId) {
        reads.ask(from, requestId);
    }

    boolean hasCommittedInOwnTerm() {
        return log.term(log.committed()) == node.term();
    }

    void transfer(long target) {
        Progress progress = members.get(target);
        if (progress == null || !node.quorum().contains(target) || target == node.id() || transferee == target) {
            return;
        }
        transferee = target;
        transferTicks = 0;
        if (progress.match() == log.lastIndex()) {
            node.send(new Message.TimeoutNow(node.id(), target, node.term()));
        } else {
            replicate(target);
        }
    }

    long transferee() {
        return transferee;
    }

    List<PeerStatus> peers() {
        var peers = new ArrayList<PeerStatus>();
        members.forEach((id, progress) -> peers.add(new PeerStatus(
                id,
                progress.match(),
                progress.next(),
                progress.state().name(),
                node.confState().learners().contains(id),
                progress.isActive())));
        return peers;
    }
}
