package dev.keelson.raft;

import dev.keelson.raft.RaftStatus.PeerStatus;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfChanger;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.progress.Progress;
import dev.keelson.raft.progress.ProgressTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The consensus core of one member: a state machine that takes ticks, messages and proposals and gives out a
 * {@link Ready}. It does no I/O, reads no clock and starts no thread; how to drive it is told in the module's README.
 *
 * <p>Invariants: term and vote never go back; at most one leader a term; what is committed stays; a message that
 * promises something leaves only after the promise is durable ({@link Ready#messagesAfterSync}). A violated invariant
 * throws {@link InvariantViolation}; the node must not be used any more then.
 *
 * <p>Thread rule: one thread.
 */
public final class RaftNode {

    private final RaftCore core;
    private final RaftLog log;
    private final MessageGate gate;
    private HardState handedState;
    private SoftState handedSoft = new SoftState(0, Role.FOLLOWER);

    /**
     * @param storage everything durable
     * @param hardState as storage has it
     * @param confState the membership as of {@code config.applied()}
     * @param random draws election time-outs, nothing else
     */
    public RaftNode(
            RaftConfig config, LogStorage storage, HardState hardState, ConfState confState, RandomGenerator random) {
        this.log = new RaftLog(storage, config.applied(), hardState.commit());
        this.core = new RaftCore(config, log, new ElectionTimer(config.electionTicks(), random), hardState, confState);
        this.gate = new MessageGate(core);
        this.handedState = hardState;
    }

    // ---- what comes in

    /** One unit of time passes. */
    public void tick() {
        core.active().tick();
    }

    /** A message from a peer; stale and foreign ones are dropped. */
    public void step(Message message) {
        gate.step(message);
    }

    /** Starts an election now, where this node may lead. */
    public void campaign() {
        core.startElection();
    }

    /** Proposes commands; a follower passes them on to its leader, which may still drop them. */
    public ProposalResult propose(List<byte[]> payloads) {
        var entries = new ArrayList<Entry>(payloads.size());
        for (int i = 0; i < payloads.size(); i++) {
            entries.add(new Entry(0, 0, EntryType.NORMAL, payloads.get(i)));
        }
        return proposeEntries(entries);
    }

    /** Proposes a membership change; refused while one before it has not taken effect. */
    public ProposalResult proposeConfChange(ConfChange change) {
        return proposeEntries(List.of(new Entry(0, 0, EntryType.CONF_CHANGE, change.encode())));
    }

    private ProposalResult proposeEntries(List<Entry> entries) {
        LeaderRole leading = leading();
        if (leading != null) {
            return leading.propose(entries);
        }
        if (core.leader() == 0) {
            return ProposalResult.NO_LEADER;
        }
        core.outbox.send(new Message.Propose(core.id(), core.leader(), core.term(), entries));
        return ProposalResult.ACCEPTED;
    }

    /**
     * The membership change of an applied entry takes effect. To be called exactly once for each entry of type
     * CONF_CHANGE that was handed out, with {@link ConfChange#NONE} when the change was refused.
     */
    public ConfState applyConfChange(ConfChange change) {
        log.confChangeApplied();
        core.setConfState(ConfChanger.apply(core.confState(), change));
        LeaderRole leading = leading();
        if (leading != null) {
            leading.confChanged();
        }
        return core.confState();
    }

    /** Asks for the index at which a read is linearizable; the answer, if any, is a {@link ReadState}. */
    public void readIndex(long requestId) {
        LeaderRole leading = leading();
        if (leading != null) {
            leading.readIndex(core.id(), requestId);
        } else if (core.leader() != 0) {
            core.outbox.send(new Message.ReadIndexRequest(core.id(), core.leader(), core.term(), requestId));
        }
    }

    /** Asks the leader to let {@code target} lead; given up after an election time-out. */
    public void transferLeader(long target) {
        LeaderRole leading = leading();
        if (leading != null) {
            leading.transfer(target);
        } else if (core.leader() != 0) {
            core.outbox.send(new Message.TransferLeader(core.id(), core.leader(), core.term(), target));
        }
    }

    /** What was sent to {@code peer} is probably lost. */
    public void reportUnreachable(long peer) {
        LeaderRole leading = leading();
        if (leading != null) {
            leading.unreachable(peer);
        }
    }

    /** The snapshot asked for by {@link Message.InstallSnapshot} is with {@code peer}, or failed to get there. */
    public void reportSnapshot(long peer, boolean delivered) {
        LeaderRole leading = leading();
        if (leading != null) {
            leading.snapshotReported(peer, delivered);
        }
    }

    /**
     * Storage is durable through {@code index}.
     *
     * @param term the {@link Ready#term} of the Ready that handed out the entry at {@code index}
     */
    public void onPersisted(long term, long index) {
        log.persisted(term, index);
        LeaderRole leading = leading();
        if (leading != null) {
            leading.persisted();
        }
    }

    /** The state machine contains everything through {@code index}. */
    public void onApplied(long index) {
        log.applied(index);
    }

    /** The snapshot of a Ready is in place: store and log begin there. */
    public void onSnapshotInstalled(SnapshotMetadata metadata) {
        log.installed(metadata);
        core.setConfState(metadata.confState());
        if (core.leader() != 0) {
            // Durable already, so it need not wait; were it behind an answer to a heartbeat, the leader would probe
            // first and take the refusal for the need of another snapshot.
            core.outbox.send(
                    new Message.AppendResponse(core.id(), core.leader(), core.term(), metadata.index(), false, 0, 0));
        }
    }

    // ---- what goes out

    /** Whether {@link #ready} has anything to hand out. */
    public boolean hasReady() {
        LeaderRole leading = leading();
        return !core.outbox.isEmpty()
                || log.hasNewEntries()
                || log.hasCommittedEntries()
                || log.hasNewSnapshot()
                || leading != null && leading.needsReadRound()
                || handedState.term() != core.term()
                || handedState.vote() != core.vote()
                || handedState.commit() != log.storableCommit()
                || handedSoft.leader() != core.leader()
                || handedSoft.role() != core.active().role();
    }

    /** Hands out everything new, each item once. */
    public Ready ready() {
        LeaderRole leading = leading();
        if (leading != null) {
            leading.startReadRound();
        }
        boolean promised = handedState.term() != core.term() || handedState.vote() != core.vote();
        HardState hardState = promised || handedState.commit() != log.storableCommit() ? takeHardState() : null;
        List<Entry> entries = log.takeNewEntries();
        List<Entry> committed = log.takeCommittedEntries(core.config.committedBytesMax());
        return new Ready(
                log.writeTerm(),
                takeSoftState(),
                hardState,
                entries,
                promised || !entries.isEmpty() || Ready.changesConf(committed),
                core.outbox.takeMessages(),
                core.outbox.takeMessagesAfterSync(),
                committed,
                core.outbox.takeReadStates(),
                log.takeNewSnapshot());
    }

    private HardState takeHardState() {
        handedState = new HardState(core.term(), core.vote(), log.storableCommit());
        return handedState;
    }

    private @Nullable SoftState takeSoftState() {
        Role role = core.active().role();
        if (handedSoft.leader() == core.leader() && handedSoft.role() == role) {
            return null;
        }
        handedSoft = new SoftState(core.leader(), role);
        return handedSoft;
    }

    // ---- what it knows

    public long term() {
        return core.term();
    }

    /** The member that leads, as far as this node knows; 0 for none. */
    public long leader() {
        return core.leader();
    }

    public RaftStatus status() {
        LeaderRole leading = leading();
        return new RaftStatus(
                core.id(),
                core.active().role(),
                core.leader(),
                core.term(),
                core.vote(),
                log.committed(),
                log.applied(),
                log.lastIndex(),
                leading == null ? 0 : leading.transferee(),
                core.confState());
    }

    /** What a leader knows of the members, itself among them; empty unless this node leads. */
    public List<PeerStatus> peers() {
        LeaderRole leading = leading();
        if (leading == null) {
            return List.of();
        }
        ProgressTracker tracker = leading.tracker();
        var peers = new ArrayList<PeerStatus>(tracker.size());
        for (int i = 0; i < tracker.size(); i++) {
            long id = tracker.id(i);
            Progress progress = tracker.at(i);
            peers.add(new PeerStatus(
                    id,
                    progress.match(),
                    progress.next(),
                    progress.state(),
                    core.confState().learners().contains(id),
                    id == core.id() || progress.isRecentlyActive()));
        }
        return peers;
    }

    private @Nullable LeaderRole leading() {
        return core.active() instanceof LeaderRole role ? role : null;
    }
}
