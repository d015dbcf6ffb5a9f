package dev.keelson.engine;

import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.CompactionRunner;
import dev.keelson.engine.apply.LeaseChange;
import dev.keelson.engine.apply.LogKeeper;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.AuthRequests;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.commit.GroupCommitWriter;
import dev.keelson.engine.consensus.ProposalQueue;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.consensus.Recovery;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.Forward;
import dev.keelson.engine.forward.LeaderQuestions;
import dev.keelson.engine.forward.Question;
import dev.keelson.engine.lease.Leases;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.engine.membership.MemberRequests;
import dev.keelson.engine.membership.Membership;
import dev.keelson.engine.read.LinearizableReads;
import dev.keelson.engine.snapshot.SnapshotExchange;
import dev.keelson.engine.watch.Watches;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.DeleteRangeResult;
import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.HashKvResult;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import dev.keelson.raft.RaftConfig;
import dev.keelson.raft.RaftNode;
import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.Ready;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.message.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One member of a cluster, whole but for its ports: requests and messages go in, replies and messages come out.
 *
 * <p>A write becomes a command, waits in the {@link ProposalQueue}, is replicated by the {@link RaftLoop}, made durable by
 * the {@link GroupCommitWriter}, and carried out by the {@link ApplyWorker}, which answers. A linearizable read waits in
 * {@link LinearizableReads}; a serializable one reads the newest view at once.
 *
 * <p>It reads no clock and starts no thread: time is {@link #tick}, and the parts run on the {@link Workers} given.
 *
 * <p>Thread rule: every public method may be called from any thread and none of them blocks.
 */
public final class NodeEngine {

    private final EngineConfig config;
    private final EngineListener listener;
    private final StoreGate gate;
    private final EngineProbe probe;
    private final ProposalQueue proposals;
    private final LinearizableReads reads;
    private final ApplyWorker apply;
    private final CompactionRunner compactions;
    private final GroupCommitWriter writer;
    private final SnapshotExchange snapshots;
    private final LogKeeper logKeeper;
    private final RaftLoop loop;
    private final EnginePorts ports;
    private final Requests requests;
    private final ViewReads views;
    private final KeyRequests keys;
    private final AuthRequests auth;
    private final Publication publication;
    private final Watches watches;
    private final LeaderQuestions questions;
    private final Leases leases;
    private final MemberRequests members;
    private final AtomicInteger appliesDeferred = new AtomicInteger();

    /**
     * Opens the node on what its ports hold and brings log and store to one account.
     *
     * @throws Recovery.InconsistentStateException when they do not belong together
     */
    public NodeEngine(EngineConfig config, EnginePorts ports) {
        this.config = config;
        this.ports = ports;
        this.listener = ports.listener();
        this.probe = listener.probe();
        this.proposals = new ProposalQueue(probe);
        this.gate = new StoreGate(MvccStore.open(ports.snapshots().backend()));
        this.reads = new LinearizableReads(ports.workers().reads(), config.firstRequestId(), probe);
        Membership membership = gate.withView(Membership::load);
        Auth users = gate.withView(view -> new Auth(view, listener.logins()));
        this.watches = new Watches(config, gate, ports.workers().watches(), this::fail);
        this.apply = new ApplyWorker(
                gate, membership, users, proposals, ports.workers().apply(), new AfterApply(), probe);
        RaftNode node = openConsensus(membership);
        this.loop = new RaftLoop(node, proposals, reads, ports.workers().consensus(), this::carryOut, this::fail);
        this.requests =
                new Requests(config, new Requests.Parts(loop, proposals, reads, apply, gate, probe), this::fail);
        this.auth = new AuthRequests(requests, users, () -> apply.applied().index());
        this.views = new ViewReads(requests, ports.workers().reads(), probe, users);
        this.questions = new LeaderQuestions(
                config.memberId(), config.firstRequestId(), loop, ports.transport(), this::answerAsLeader);
        this.leases = new Leases(config, new Leases.Parts(requests, questions, loop, apply, users, ports));
        this.members = new MemberRequests(
                config, new MemberRequests.Parts(requests, questions, loop, apply, ports.transport()));
        this.publication = new Publication(config, requests, loop, apply, listener);
        this.writer = new GroupCommitWriter(
                ports.log(),
                ports.transport()::send,
                ports.workers().append(),
                (term, index) -> loop.post(core -> core.onPersisted(term, index)),
                this::fail);
        this.compactions = new CompactionRunner(gate, ports.workers().background(), probe, this::fail);
        this.keys = new KeyRequests(
                new KeyRequests.Parts(
                        requests, views, compactions, ports.workers().reads(), users),
                config.requestBytesMax());
        this.snapshots = new SnapshotExchange(ports.snapshots(), ports.log(), gate, apply, ports.workers(), this::fail);
        this.logKeeper = new LogKeeper(
                new LogKeeper.Parts(ports.snapshots(), ports.log(), ports.workers(), config.log()),
                snapshots::sending,
                () -> apply.membership().confState(),
                this::fail);
    }

    private RaftNode openConsensus(Membership membership) {
        AppliedPoint applied = apply.applied();
        if (Recovery.isFresh(ports.log(), applied, config.initialMembers().size())) {
            Recovery.bootstrap(ports.log(), config.initialMembers());
        }
        Recovery.reconcile(ports.log(), applied, membership.confState());
        var raftConfig = RaftConfig.defaults(config.memberId())
                .withElectionTicks(config.timing().electionTicks())
                .withHeartbeatTicks(config.timing().heartbeatTicks())
                .withApplied(applied.index());
        return new RaftNode(raftConfig, ports.log(), ports.log().hardState(), membership.confState(), ports.random());
    }

    /** Begins to take part; the listener hears when the cluster knows this member. */
    public void start() {
        listener.membersChanged(apply.membership().all());
        loop.post(core -> {
            // Nobody else can hold a lease on the vote of a member that is alone; others wait out most of a time-out
            // first (as etcd does), which is enough for a living leader to be heard.
            for (int tick = 1; tick < config.timing().electionTicks(); tick++) {
                core.tick();
            }
        });
        campaignWhenAlone();
        compactions.wake();
        publication.begin();
    }

    /** A member that is the only voter has nobody to wait for. */
    private void campaignWhenAlone() {
        if (apply.membership().confState().voters().equals(List.of(config.memberId()))) {
            loop.post(RaftNode::campaign);
        }
    }

    /** What clients ask of the keys. */
    public KeyRequests keys() {
        return keys;
    }

    /** What clients ask of the users and roles. */
    public AuthRequests auth() {
        return auth;
    }

    public void put(PutRequest request, Reply<PutResult> reply) {
        keys.put(Principal.NOBODY, request, reply);
    }

    public void deleteRange(DeleteRangeRequest request, Reply<DeleteRangeResult> reply) {
        keys.deleteRange(Principal.NOBODY, request, reply);
    }

    public void txn(TxnRequest request, Reply<TxnResult> reply) {
        keys.txn(Principal.NOBODY, request, reply);
    }

    public void compact(long revision, boolean physical, Reply<Long> reply) {
        keys.compact(revision, physical, reply);
    }

    public void range(RangeRequest request, Reply<RangeResult> reply) {
        keys.range(Principal.NOBODY, request, reply);
    }

    /** The hash of the history through {@code revision} (0: the newest), as etcd computes it. Local to this member. */
    public void hashKv(long revision, Reply<HashKvResult> reply) {
        views.hashKv(revision, reply);
    }

    /** A hash over everything replicated that the store holds. Local to this member. */
    public void hash(Reply<Integer> reply) {
        views.hash(reply);
    }

    /**
     * Reads the newest view on the caller's thread, which may take its time: nothing waits for it but a snapshot that is
     * to take the store's place. False, with nothing read, while one does.
     */
    public boolean copy(Consumer<ReadView> reader) {
        return gate.tryUse(store -> {
            try (ReadView view = store.view()) {
                reader.accept(view);
            }
        });
    }

    public void memberList(boolean linearizable, Reply<List<Member>> reply) {
        if (linearizable) {
            requests.readLinearizable(_ -> apply.membership().all(), reply);
        } else {
            reply.succeed(apply.membership().all());
        }
    }

    /** Whether this member has not heard of any member yet: it joins, and the log has not reached it. */
    public boolean isNewcomer() {
        return apply.membership().all().isEmpty();
    }

    /** Whether {@code id} was a member of this cluster once. */
    public boolean isRemoved(long id) {
        return apply.membership().isRemoved(id);
    }

    /**
     * Proposes a change of one member. Refused without a word while no leader is known or a change before it has not taken
     * effect, and again when it does not fit the members at its turn: what came of it shows in the membership.
     */
    public void proposeMember(MemberChange.Kind kind, Member member) {
        var change = new MemberChange(
                MemberChange.NOBODYS, kind, member, config.reconfiguration().learnersMax());
        loop.post(core -> core.proposeConfChange(change.toConfChange()));
    }

    /** What clients ask of the membership. */
    public MemberRequests members() {
        return members;
    }

    /** Asks the leader to let {@code target} lead; given up after an election time-out. */
    public void transferLeader(long target) {
        loop.post(core -> core.transferLeader(target));
    }

    /** What clients watch. */
    public Watches watches() {
        return watches;
    }

    /** What clients ask about leases. */
    public Leases leases() {
        return leases;
    }

    /** A message from a peer that has proved who it is. */
    public void receive(Message message) {
        loop.receive(message);
    }

    /** A question or an answer of a peer that has proved who it is. */
    public void receive(Forward message) {
        questions.receive(message);
    }

    /** The peer could not be reached; what was sent to it is probably lost. */
    public void reportUnreachable(long peer) {
        loop.post(core -> core.reportUnreachable(peer));
    }

    /**
     * Lets one unit of time pass.
     *
     * @param nowMillis a clock that only goes forward, in milliseconds from anywhere; leases live by it
     */
    public void tick(long nowMillis) {
        publication.tick();
        questions.tick();
        leases.tick(nowMillis);
        members.tick();
        loop.tick();
        watches.tick();
    }

    /**
     * Hands leadership, if this member has it, to the voter whose log is longest; used before a planned stop.
     *
     * @return whether there is anybody to hand it to
     */
    public boolean handOver() {
        RaftStatus status = loop.status();
        if (status.leader() != config.memberId() || status.confState().voters().size() < 2) {
            return false;
        }
        loop.post(core -> core.peers().stream()
                .filter(peer -> peer.id() != config.memberId() && !peer.learner() && peer.recentlyActive())
                .max(Comparator.comparingLong(RaftStatus.PeerStatus::match))
                .ifPresent(peer -> core.transferLeader(peer.id())));
        return true;
    }

    /** Fails everything that waits; the node takes nothing new after it. */
    public void stop() {
        questions.failAll(StoreError.STOPPED);
        members.failAll(StoreError.STOPPED);
        loop.failAll(StoreError.STOPPED);
    }

    /** Lets go of the store; for the end, when no worker runs any more. */
    public void releaseStore() {
        gate.store().close();
    }

    /** Whether the cluster knows this member and requests can be served. */
    public boolean isPublished() {
        return publication.isPublished();
    }

    /** The version the members agreed on, or the empty text while undecided. */
    public String clusterVersion() {
        String version = apply.membership().clusterVersion();
        return version == null ? "" : version;
    }

    public NodeStatus status() {
        RaftStatus raft = loop.status();
        MvccStore store = gate.store();
        var errors = new ArrayList<String>(1);
        if (raft.leader() == 0) {
            errors.add(StoreError.NO_LEADER.text());
        }
        return new NodeStatus(
                config.memberId(),
                config.clusterId(),
                raft.leader(),
                raft.term(),
                raft.commit(),
                apply.applied().index(),
                store.revision(),
                store.sizeBytes(),
                store.sizeInUseBytes(),
                apply.membership().find(config.memberId()).map(Member::learner).orElse(false),
                errors);
    }

    /** What this member knows of the others' logs when it leads, told in the background; nothing when it does not. */
    public void progress(Consumer<List<RaftStatus.PeerStatus>> told) {
        loop.post(core -> {
            List<RaftStatus.PeerStatus> peers = core.peers();
            ports.workers().background().execute(() -> told.accept(peers));
        });
    }

    /** Writes of this member's clients that wait for their entry. */
    public int proposalsPending() {
        return proposals.size();
    }

    /** What the store counts of itself. */
    public StoreStatus storeStatus() {
        MvccStore store = gate.store();
        return new StoreStatus(
                store.revision(),
                store.compactRevision(),
                store.sizeBytes(),
                store.sizeInUseBytes(),
                store.keys(),
                store.openViews());
    }

    /** The store's revision, as far as this member has applied the log. */
    public long revision() {
        return gate.store().revision();
    }

    /** Leader (0: none) and term as of the last turn, without allocation. */
    public RaftStatus raftStatus() {
        return loop.status();
    }

    private void answerAsLeader(Question question, Reply<Answer> reply) {
        switch (question) {
            case Question.OfLeases ofLeases -> leases.answer(ofLeases, reply);
            case Question.LearnerReadiness readiness -> members.answer(readiness, reply);
        }
    }

    private void carryOut(Ready ready) {
        for (Message message : ready.messages()) {
            if (message instanceof Message.InstallSnapshot request) {
                snapshots.send(request, loop);
            } else {
                ports.transport().send(message);
            }
        }
        storeAndApply(ready);
        var installed = ready.snapshot();
        if (installed != null) {
            snapshots.install(installed, loop, membership -> {
                watches.storeReplaced();
                listener.membersChanged(membership.all());
                listener.snapshotInstalled(new AppliedPoint(installed.index(), installed.term()));
            });
        }
        var state = ready.softState();
        if (state != null) {
            listener.leaderChanged(state.leader(), loop.status().term());
            publication.leaderChanged();
        }
    }

    /** Committed entries go to the apply worker at once, but for a membership change and what comes behind one. */
    private void storeAndApply(Ready ready) {
        List<Entry> committed = ready.committedEntries();
        if (!committed.isEmpty() && (ready.changesConf() || appliesDeferred.get() > 0)) {
            appliesDeferred.incrementAndGet();
            writer.submit(ready, () -> {
                apply.submit(committed);
                appliesDeferred.decrementAndGet();
            });
            return;
        }
        writer.submit(ready);
        if (!committed.isEmpty()) {
            apply.submit(committed);
        }
    }

    private void fail(Throwable cause) {
        listener.failed(cause);
    }

    private final class AfterApply implements ApplyWorker.Listener {

        @Override
        public void changed(long revision, List<Event> events) {
            watches.changed(revision, events);
        }

        @Override
        public void applied(AppliedPoint point) {
            leases.applied(point);
            loop.applied(point.index());
            logKeeper.applied(point.index());
        }

        @Override
        public void leasesChanged(List<LeaseChange> changes) {
            leases.changed(changes);
        }

        @Override
        public void confChanged(ConfChange change) {
            loop.post(core -> core.applyConfChange(change));
            campaignWhenAlone();
            listener.membersChanged(apply.membership().all());
        }

        @Override
        public void failed(Throwable cause) {
            fail(cause);
        }
    }
}
