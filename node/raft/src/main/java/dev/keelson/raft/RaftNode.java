package dev.keelson.raft;

import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.quorum.Quorum;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The consensus core of one member: a state machine that takes ticks, messages and proposals and gives out a
 * {@link Ready}; it does no I/O, reads no clock and starts no thread.
 *
 * <p>Invariants: term and vote never go back; at most one leader a term; what is committed stays; a message that promises
 * something leaves only after the promise is durable ({@link Ready#messagesAfterSync}).
 *
 * <p>Legal roles: follower → pre-candidate → candidate → leader; anything → follower.
 *
 * <p>Thread rule: one thread.
 */
public final class RaftNode {

    final RaftConfig config;
    final RaftLog log;
    private final RandomGenerator random;
    private final Election election;
    private ConfState confState;
    private Quorum quorum;
    private long term;
    private long vote;
    private long leader;
    private Role role = Role.FOLLOWER;
    private @Nullable LeaderRole leading;
    private int ticksSinceHeard;
    private int electionTimeout;
    private @Nullable SnapshotMetadata snapshot;

    private final List<Message> messages = new ArrayList<>();
    private final List<Message> messagesAfterSync = new ArrayList<>();
    private final List<ReadState> readStates = new ArrayList<>();
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
        this.config = config;
        this.random = random;
        this.log = new RaftLog(storage, config.applied(), hardState.commit());
        this.term = hardState.term();
        this.vote = hardState.vote();
        this.handedState = hardState;
        this.confState = confState;
        this.quorum = new Quorum(confState.voters(), confState.votersOutgoing());
        this.election = new Election(this);
        drawElectionTimeout();
    }

    // ---- what the driver calls

    /** One unit of time passes. */
    public void tick() {
        if (leading != null) {
            leading.tick();
            return;
        }
        ticksSinceHeard++;
        if (ticksSinceHeard >= electionTimeout && mayCampaign()) {
            ticksSinceHeard = 0;
            election.start();
        }
    }

    /** Starts an election now. */
    public void campaign() {
        if (leading == null && mayCampaign()) {
            ticksSinceHeard = 0;
            election.start();
        }
    }

    public ProposalResult propose(List<byte[]> payloads) {
        var entries = new ArrayList<Entry>(payloads.size());
        for (byte[] payload : payloads) {
            entries.add(new Entry(0, 0, EntryType.NORMAL, payload));
        }
        if (leading != null) {
            return leading.propose(entries);
        }
        if (leader == 0) {
            return ProposalResult.NO_LEADER;
        }
        send(new Message.Propose(config.id(), leader, term, entries));
        return ProposalResult.ACCEPTED;
    }

    public ProposalResult proposeConfChange(ConfChange change) {
        var entry = new Entry(0, 0, EntryType.CONF_CHANGE, change.encode());
        if (leading != null) {
            return leading.propose(List.of(entry));
        }
        if (leader == 0) {
            return ProposalResult.NO_LEADER;
        }
        send(new Message.Propose(config.id(), leader, term, List.of(entry)));
        return ProposalResult.ACCEPTED;
    }

    /** The membership change of an applied entry takes effect; {@link ConfChange#NONE} when it was refused. */
    public ConfState applyConfChange(ConfChange change) {
        confState = Membership.after(confState, change);
        quorum = new Quorum(confState.voters(), confState.votersOutgoing());
        if (leading != null) {
            leading.confChanged();
        }
        return confState;
    }

    /** Asks for the index at which a read is linearizable; the answer, if any, is a {@link ReadState}. */
    public void readIndex(long requestId) {
        if (leading != null) {
            leading.readIndex(config.id(), requestId);
        } else if (leader != 0) {
            send(new Message.ReadIndexRequest(config.id(), leader, term, requestId));
        }
    }

    public void transferLeader(long target) {
        if (leading != null) {
            leading.transfer(target);
        } else if (leader != 0) {
            send(new Message.TransferLeader(config.id(), leader, term, target));
        }
    }

    public void reportUnreachable(long peer) {
        if (leading != null) {
            leading.unreachable(peer);
        }
    }

    public void reportSnapshot(long peer, boolean delivered) {
        if (leading != null) {
            leading.snapshotReported(peer, delivered);
        }
    }

    /** Storage is durable through {@code index} as it was handed out in the node's term {@code handedOutTerm}. */
    public void onPersisted(long handedOutTerm, long index) {
        // 1. A leader of term 2 gives us entry 5 (term 2); it is handed to storage.
        // 2. A leader of term 3 replaces it with entry 5 (term 3); that is handed to storage.
        // 3. A leader of term 4, who has 5 of term 2, replaces it again; that is handed to storage too.
        // 4. Storage acknowledges step 1. It looks like step 3, but a crash could still leave the entry of step 2.
        // Whoever replaces entries has a new term, and a new leader appends: only the acknowledgement of what was
        // handed
        // out in the present term counts, and one always comes.
        if (handedOutTerm != term) {
            return;
        }
        log.persisted(index);
        if (leading != null) {
            leading.persisted();
        }
    }

    public void onApplied(long index) {
        log.applied(index);
    }

    /** The snapshot of a Ready is in place: store and log start there. */
    public void onSnapshotInstalled(SnapshotMetadata metadata) {
        log.installed(metadata);
        confState = metadata.confState();
        quorum = new Quorum(confState.voters(), confState.votersOutgoing());
        if (leader != 0) {
            send(new Message.AppendResponse(config.id(), leader, term, metadata.index(), false, 0, 0));
        }
    }

    public boolean hasReady() {
        return !messages.isEmpty()
                || !messagesAfterSync.isEmpty()
                || !readStates.isEmpty()
                || snapshot != null
                || log.hasNewEntries()
                || log.hasCommittedEntries()
                || handedState.term() != term
                || handedState.vote() != vote
                || handedState.commit() != log.committed()
                || handedSoft.leader() != leader
                || handedSoft.role() != role;
    }

    /** Hands out everything new, each item once. */
    public Ready ready() {
        var hardState = new HardState(term, vote, log.committed());
        boolean promised = hardState.term() != handedState.term() || hardState.vote() != handedState.vote();
        HardState changed = hardState.equals(handedState) ? null : hardState;
        handedState = hardState;
        SoftState soft = null;
        if (handedSoft.leader() != leader || handedSoft.role() != role) {
            soft = new SoftState(leader, role);
            handedSoft = soft;
        }
        List<Entry> entries = log.takeNewEntries();
        SnapshotMetadata arrived = snapshot;
        snapshot = null;
        return new Ready(
                term,
                soft,
                changed,
                entries,
                promised || !entries.isEmpty(),
                take(messages),
                take(messagesAfterSync),
                log.takeCommittedEntries(config.committedBytesMax()),
                take(readStates),
                arrived);
    }

    private static <T> List<T> take(List<T> items) {
        if (items.isEmpty()) {
            return List.of();
        }
        List<T> taken = List.copyOf(items);
        items.clear();
        return taken;
    }

    public RaftStatus status() {
        return new RaftStatus(
                config.id(),
                role,
                leader,
                term,
                vote,
                log.committed(),
                log.applied(),
                log.lastIndex(),
                leading == null ? 0 : leading.transferee(),
                confState,
                leading == null ? List.of() : leading.peers());
    }

    // ---- messages of peers

    /** A message from a peer. */
    public void step(Message message) {
        if (message.to() != config.id() || message.from() == config.id()) {
            return;
        }
        if (message.term() > term && !acceptHigherTerm(message)) {
            return;
        }
        if (message.term() < term) {
            answerLowerTerm(message);
            return;
        }
        switch (message) {
            case Message.PreVoteRequest request -> election.answer(request);
            case Message.VoteRequest request -> election.answer(request);
            case Message.PreVoteResponse response -> election.count(response);
            case Message.VoteResponse response -> election.count(response);
            case Message.AppendRequest request -> append(request);
            case Message.Heartbeat heartbeat -> heartbeat(heartbeat);
            case Message.InstallSnapshot install -> install(install);
            case Message.TimeoutNow _ -> timeoutNow();
            case Message.ReadIndexResponse response ->
                readStates.add(new ReadState(response.requestId(), response.index()));
            case Message.AppendResponse response -> whenLeading(l -> l.step(response));
            case Message.HeartbeatResponse response -> whenLeading(l -> l.step(response));
            case Message.Propose propose -> whenLeading(l -> l.propose(propose.entries()));
            case Message.ReadIndexRequest request -> whenLeading(l -> l.readIndex(request.from(), request.requestId()));
            case Message.TransferLeader transfer -> whenLeading(l -> l.transfer(transfer.target()));
        }
    }

    private void whenLeading(java.util.function.Consumer<LeaderRole> action) {
        if (leading != null) {
            action.accept(leading);
        }
    }

    /** Whether to go on with a message of a later term, having moved to that term where it calls for it. */
    private boolean acceptHigherTerm(Message message) {
        switch (message) {
            case Message.PreVoteRequest _ -> {
                return !inLease(false);
            }
            case Message.PreVoteResponse response -> {
                if (!response.granted()) {
                    becomeFollower(message.term(), 0);
                } else {
                    election.count(response);
                }
                return false;
            }
            case Message.VoteRequest request -> {
                if (inLease(request.transfer())) {
                    return false;
                }
                becomeFollower(message.term(), 0);
                return true;
            }
            case Message.AppendRequest _, Message.Heartbeat _, Message.InstallSnapshot _ -> {
                becomeFollower(message.term(), message.from());
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
                becomeFollower(message.term(), 0);
                return true;
            }
        }
    }

    /** A leader was heard so recently that nobody else may take over (paper 6: disruptive servers). */
    private boolean inLease(boolean transfer) {
        return !transfer && leader != 0 && (leading != null || ticksSinceHeard < config.electionTicks());
    }

    private void answerLowerTerm(Message message) {
        switch (message) {
            // A leader or candidate of an earlier term learns the present one and steps down; a silent drop would leave
            // a member with a higher term and an isolated past outside for ever.
            case Message.AppendRequest _, Message.Heartbeat _, Message.InstallSnapshot _ ->
                sendAfterSync(new Message.AppendResponse(config.id(), message.from(), term, 0, true, 0, 0));
            case Message.PreVoteRequest request ->
                sendAfterSync(new Message.PreVoteResponse(config.id(), request.from(), term, false));
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

    private void append(Message.AppendRequest request) {
        followLeader(request.from());
        if (request.prevIndex() < log.committed()) {
            acknowledge(request.from(), log.committed());
            return;
        }
        if (!log.matches(request.prevIndex(), request.prevTerm())) {
            long hint = log.hintIndex(request.prevIndex(), request.prevTerm());
            sendAfterSync(new Message.AppendResponse(
                    config.id(), request.from(), term, request.prevIndex(), true, hint, log.term(hint)));
            return;
        }
        log.appendAfter(request.entries());
        long reached = request.prevIndex() + request.entries().size();
        log.commitTo(Math.min(request.commit(), reached));
        acknowledge(request.from(), reached);
    }

    private void acknowledge(long to, long index) {
        sendAfterSync(new Message.AppendResponse(config.id(), to, term, index, false, 0, 0));
    }

    private void heartbeat(Message.Heartbeat heartbeat) {
        followLeader(heartbeat.from());
        log.commitTo(heartbeat.commit());
        send(new Message.HeartbeatResponse(config.id(), heartbeat.from(), term, heartbeat.readNonce()));
    }

    private void install(Message.InstallSnapshot install) {
        followLeader(install.from());
        SnapshotMetadata metadata = install.metadata();
        if (metadata.index() <= log.committed()) {
            acknowledge(install.from(), log.committed());
            return;
        }
        if (log.matches(metadata.index(), metadata.term())) {
            log.commitTo(metadata.index());
            acknowledge(install.from(), metadata.index());
            return;
        }
        log.restore(metadata);
        snapshot = metadata;
    }

    private void timeoutNow() {
        if (mayCampaign()) {
            election.startByTransfer();
        }
    }

    private void followLeader(long from) {
        Invariant.check(leading == null, () -> "a second leader " + from + " of term " + term);
        becomeFollower(term, from);
    }

    // ---- roles

    void becomeFollower(long newTerm, long newLeader) {
        if (newTerm != term) {
            Invariant.check(newTerm > term, () -> "term going back from " + term + " to " + newTerm);
            term = newTerm;
            vote = HardState.NO_VOTE;
        }
        leader = newLeader;
        role = Role.FOLLOWER;
        leading = null;
        ticksSinceHeard = 0;
        drawElectionTimeout();
    }

    void becomePreCandidate() {
        Invariant.check(role != Role.LEADER, "a leader does not campaign");
        role = Role.PRE_CANDIDATE;
        leader = 0;
    }

    void becomeCandidate() {
        Invariant.check(role != Role.LEADER, "a leader does not campaign");
        role = Role.CANDIDATE;
        term++;
        vote = config.id();
        leader = 0;
        drawElectionTimeout();
    }

    void becomeLeader() {
        Invariant.check(role == Role.CANDIDATE, "only a candidate becomes leader");
        role = Role.LEADER;
        leader = config.id();
        leading = new LeaderRole(this);
        leading.begin();
    }

    private boolean mayCampaign() {
        return confState.voters().contains(config.id()) && snapshot == null && !hasUnappliedConfChange();
    }

    /** A committed membership change not applied yet could make our idea of a majority wrong (etcd raft #456). */
    private boolean hasUnappliedConfChange() {
        long lo = log.applied() + 1;
        while (lo <= log.committed()) {
            for (Entry entry : log.entries(lo, config.committedBytesMax())) {
                if (entry.index() <= log.committed() && entry.type() == EntryType.CONF_CHANGE) {
                    return true;
                }
                lo = entry.index() + 1;
            }
        }
        return false;
    }

    private void drawElectionTimeout() {
        electionTimeout = config.electionTicks() + random.nextInt(config.electionTicks());
    }

    // ---- what the roles use

    long id() {
        return config.id();
    }

    long term() {
        return term;
    }

    long vote() {
        return vote;
    }

    void voteFor(long candidate) {
        vote = candidate;
        ticksSinceHeard = 0;
    }

    long leader() {
        return leader;
    }

    Role role() {
        return role;
    }

    Quorum quorum() {
        return quorum;
    }

    ConfState confState() {
        return confState;
    }

    void send(Message message) {
        messages.add(message);
    }

    void sendAfterSync(Message message) {
        messagesAfterSync.add(message);
    }

    void confirmRead(long requestId, long index) {
        readStates.add(new ReadState(requestId, index));
    }
}
