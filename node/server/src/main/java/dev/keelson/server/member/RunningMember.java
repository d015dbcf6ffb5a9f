package dev.keelson.server.member;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.EnginePorts;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Workers;
import dev.keelson.engine.consensus.LoneMember;
import dev.keelson.log.LogConfig;
import dev.keelson.log.SegmentedLog;
import dev.keelson.log.file.NioFileSystem;
import dev.keelson.mvcc.watch.WatchLimits;
import dev.keelson.raft.message.Message;
import dev.keelson.server.auth.Authentication;
import dev.keelson.server.auth.TokenBook;
import dev.keelson.server.gateway.Gateway;
import dev.keelson.server.grpc.EtcdServices;
import dev.keelson.server.grpc.OpenStreams;
import dev.keelson.server.grpc.SnapshotExports;
import dev.keelson.server.http.EtcdVersion;
import dev.keelson.server.metrics.MeasuredFileSystem;
import dev.keelson.server.peer.GrpcPeerTransport;
import dev.keelson.server.peer.Handshake;
import dev.keelson.server.peer.PeerAddress;
import dev.keelson.server.peer.PeerIdentities;
import dev.keelson.server.peer.PeerServer;
import dev.keelson.server.peer.SnapshotInbox;
import dev.keelson.server.peer.SnapshotSender;
import dev.keelson.server.port.ClientPort;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.port.PortLimits;
import dev.keelson.storage.Identity;
import dev.keelson.storage.StoreDirectory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One member of a cluster as a part of this process: data directory, threads, ports and the engine between them.
 *
 * <p>Opened in the order of dependence and closed in the reverse; a failure on the way closes what was opened.
 *
 * <p>Thread rule: {@link #start} and {@link #close} by the one who runs the member.
 */
public final class RunningMember implements AutoCloseable {

    private static final int CLIENT_EVENT_LOOPS = 2;
    private static final int PEER_EVENT_LOOPS = 1;
    private static final long HAND_OVER_MILLIS_MAX = 1_000;
    private static final long LOOK_EVERY_MILLIS = 5;

    /** Election time-outs without a leader after which streams that demand one end, as with etcd. */
    private static final long LEADERLESS_TIMEOUTS_MAX = 3;

    /** By its flags, until its data or the other members have told who it is. */
    private MemberConfig config;

    private final MemberEvents events;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Ticker ticker = new Ticker();
    private final OpenStreams streams;
    private final SecureRandom random = new SecureRandom();
    private @Nullable NodeEngine engine;
    private volatile boolean stopping;

    private RunningMember(MemberConfig config, MemberEvents events) {
        this.config = config;
        this.events = events;
        this.streams = new OpenStreams(LEADERLESS_TIMEOUTS_MAX * config.timing().electionTicks());
    }

    /**
     * Takes the data directory and the addresses and begins to take part; {@link MemberEvents#ready} tells when requests
     * are served.
     */
    public static RunningMember start(MemberConfig config, MemberEvents events) {
        var member = new RunningMember(config, events);
        try {
            member.open();
            return member;
        } catch (RuntimeException | Error failure) {
            member.close();
            throw failure;
        }
    }

    private void open() {
        // Looked at before the data directory is touched: a port in use must leave nothing behind.
        PortCheck.requireFree(config.addresses());
        // So are the certificates.
        var security = new PortSecurity(config.tls(), new TlsEvents(events, System::nanoTime));
        StoreDirectory directory = closeLater(StoreDirectory.open(config.dataDirectory()));
        security.issue();
        var clientLoops = closeLater(
                EventLoops.open("client", CLIENT_EVENT_LOOPS, config.addresses().shared()));
        // Loops of their own: a flood of clients must not hold up heartbeats.
        var loops = closeLater(
                EventLoops.open("peer", PEER_EVENT_LOOPS, config.addresses().shared()));
        var admission = new Admission(config, events, new PeerAddress(loops, security.peer()));
        Identity identity = admission.identify(directory, random::nextLong);
        config = admission.configOf(identity);
        var handshake = new Handshake(
                new Handshake.Self(identity.clusterId(), identity.memberId(), identity.incarnation()),
                identities(directory),
                id -> engine != null && running().isRemoved(id));
        var figures = MemberFigures.of(config, events);
        var removal = new Removal(() -> running().isRemoved(identity.memberId()), events);
        var peerEvents = peerEvents(removal, figures);
        var transport = closeLater(new GrpcPeerTransport(handshake, loops, security.peer(), peerEvents));
        var sender = new SnapshotSender(handshake, transport, peerEvents);
        var space = DiskSpace.of(config.dataDirectory());
        var files = closeLater(
                new StoreFiles(directory, sender::send, new StoreFiles.Surroundings(events, space, figures.disk())));
        closeLater(this::releaseStore);
        var log = closeLater(SegmentedLog.open(
                new MeasuredFileSystem(new RoomyFileSystem(new NioFileSystem(), space), figures.disk()),
                Objects.requireNonNullElseGet(config.directories().log(), directory::wal),
                LogConfig.defaults(identity.incarnation())));
        goOnAloneWhereForced(log, files);
        Workers workers = workers();
        var access = closeLater(Authentication.open(config.auth()));
        var listener = new EngineEvents(events, transport, config.self().id(), figures, new TokenBook(access.tokens()));
        NodeEngine node =
                new NodeEngine(engineConfig(), new EnginePorts(log, files, transport, workers, random, listener));
        engine = node;
        refuseRemoved(node);
        if (config.initialMembers().isEmpty() && node.isNewcomer()) {
            transport.introduce(admission.others());
        }
        var comparison = new StartComparison(
                identity.memberId(), !config.maintenance().checks().atStart() || node.isNewcomer(), events);
        var peers = closeLater(PeerServer.start(
                new PeerServer.Sockets(config.addresses().peer(), loops, security.peer()),
                handshake,
                new PeerServer.Inbox(
                        message -> comparison.letPass(message, node),
                        node::receive,
                        inbox(directory, files, node),
                        reply -> node.memberList(false, reply)),
                peerEvents));
        var exports = closeLater(new SnapshotExports(directory::newCheckpoint));
        EtcdServices.Settings settings = settings(identity, figures, exports, access);
        ClientPort clients = serveClients(
                node, EtcdServices.over(node, streams, settings).over(security.client()), figures, clientLoops);
        listener.whenPublished(() -> {
            clients.open();
            events.ready();
        });
        events.info("listening", "peer-ports", peers.ports(), "client-ports", clients.ports());
        comparison.run(node, config.timing().tickMillis(), transport::membersChanged);
        if (files.needsVerification()) {
            workers.background().execute(() -> files.verify(() -> stopping));
        }
        node.start();
        letTimePass(node, removal, new DiskWatch(space, node.maintenance()::diskIsShort, workers.background(), events));
    }

    private PeerEvents peerEvents(Removal removal, MemberFigures figures) {
        return new PeerEvents(
                events,
                () -> running().isPublished(),
                peer -> running().reportUnreachable(peer),
                removal::told,
                figures);
    }

    private void letTimePass(NodeEngine node, Removal removal, DiskWatch disk) {
        ticker.start(config.timing().tickMillis(), () -> {
            node.tick(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            removal.tick();
            disk.tick();
            streams.tick(() -> node.raftStatus().leader() != 0);
        });
    }

    private void goOnAloneWhereForced(SegmentedLog log, StoreFiles files) {
        if (!config.membership().alone()) {
            return;
        }
        List<Long> removed = LoneMember.make(log, files.backend(), config.self().id());
        events.warn(
                "forcing a cluster of this member alone",
                "member-id",
                Long.toHexString(config.self().id()),
                "removed-member-ids",
                removed.stream().map(Long::toHexString).toList());
    }

    private void refuseRemoved(NodeEngine node) {
        if (node.isRemoved(config.self().id())) {
            throw Removal.refusal();
        }
    }

    private ClientPort serveClients(
            NodeEngine node, ClientPort.Services services, MemberFigures figures, EventLoops loops) {
        var watching = closeLater(new Watching(config, figures, node, services));
        ClientPort clients = closeLater(ClientPort.bind(
                config.addresses().client(), loops, config.limits().port(), watching.over(services)));
        if (!config.addresses().metrics().isEmpty()) {
            events.info("listening for probes", "metrics-ports", watching.open(loops));
        }
        return clients;
    }

    private EtcdServices.Settings settings(
            Identity identity, MemberFigures figures, SnapshotExports exports, Authentication access) {
        PortLimits port = config.limits().port();
        return new EtcdServices.Settings(
                identity.clusterId(),
                identity.memberId(),
                config.limits().txnOpsMax(),
                config.maintenance().quotaBytes(),
                port.frameBytesMax(),
                figures.watches(),
                exports,
                access,
                new EtcdServices.Web(
                        config.web().gateway()
                                ? new Gateway.Limits(port.frameBytesMax(), port.httpBodyBytesMax())
                                : null,
                        config.web().rules(),
                        figures.health()));
    }

    private void releaseStore() {
        if (engine != null) {
            engine.releaseStore();
        }
    }

    private NodeEngine running() {
        return Objects.requireNonNull(engine);
    }

    private static PeerIdentities identities(StoreDirectory directory) {
        return new PeerIdentities() {
            @Override
            public @Nullable Long incarnationOf(long memberId) {
                return directory.incarnationOf(memberId);
            }

            @Override
            public void remember(long memberId, long incarnation) {
                directory.rememberPeer(memberId, incarnation);
            }
        };
    }

    private static SnapshotInbox inbox(StoreDirectory directory, StoreFiles files, NodeEngine node) {
        return new SnapshotInbox() {
            @Override
            public Path newDirectory() {
                return directory.newIncoming();
            }

            @Override
            public void received(Message.InstallSnapshot announced, Path received) {
                files.received(announced.metadata().index(), received);
                node.receive(announced);
            }
        };
    }

    private Workers workers() {
        return new Workers(
                thread("consensus"),
                thread("append"),
                thread("apply"),
                thread("reads"),
                thread("background"),
                thread("watches"));
    }

    private WorkerThread thread(String name) {
        return closeLater(
                new WorkerThread(name, cause -> events.fatal("the " + name + " thread failed: " + cause, cause)));
    }

    private EngineConfig engineConfig() {
        MemberConfig.Timing timing = config.timing();
        MemberConfig.Limits limits = config.limits();
        return new EngineConfig(
                config.self().id(),
                config.clusterId(),
                config.self().name(),
                config.self().clientUrls(),
                config.initialMembers(),
                EtcdVersion.CLUSTER,
                new EngineConfig.Timing(
                        timing.tickMillis(),
                        timing.electionTicks(),
                        1,
                        timing.requestTicks(),
                        timing.progressTicks(),
                        NodeLimits.LEASE_CHECKPOINT_MILLIS),
                new EngineConfig.LogRetention(limits.replayEntriesMax(), limits.catchUpEntries()),
                config.membership().reconfiguration(),
                config.maintenance(),
                WatchLimits.DEFAULTS,
                limits.port().requestBytesMax(),
                random.nextLong() >>> 1);
    }

    private <T extends AutoCloseable> T closeLater(T part) {
        opened.push(part);
        return part;
    }

    /** Lets another member lead before this one goes, so that clients need not wait for an election. */
    private void handOver(NodeEngine node) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HAND_OVER_MILLIS_MAX);
        boolean asked = node.handOver();
        while (asked && node.raftStatus().leader() == config.self().id() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
        }
    }

    /** Ends the member: waiting requests are refused, files are closed as they are. */
    @Override
    public void close() {
        stopping = true;
        streams.stop();
        if (engine != null) {
            handOver(engine);
            engine.stop();
        }
        ticker.close();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                events.warn("closing failed", "error", failure.toString());
            }
        }
    }
}
