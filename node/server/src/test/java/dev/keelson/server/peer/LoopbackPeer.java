package dev.keelson.server.peer;

import dev.keelson.engine.Member;
import dev.keelson.engine.forward.Forward;
import dev.keelson.raft.message.Message;
import dev.keelson.server.metrics.PeerMetrics;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.Security;
import dev.keelson.server.tls.LiveTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One member's links over real sockets, with everything that arrives kept for a test to look at. */
final class LoopbackPeer implements PeerListener, SnapshotInbox, AutoCloseable {

    private static final long HEARTBEAT_MILLIS = 100;
    private static final long WAIT_SECONDS = 10;

    final long id;
    final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    final BlockingQueue<Forward> forwards = new LinkedBlockingQueue<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    List<Member> members = List.of();
    final Set<Long> removed = ConcurrentHashMap.newKeySet();
    final EventLoops loops = EventLoops.open("peer", 1);
    final GrpcPeerTransport transport;
    final SnapshotSender snapshots;
    final PeerMetrics metrics;
    private final Handshake handshake;
    private final Path directory;
    private final @Nullable LiveTls tls;
    private @Nullable PeerServer server;
    private int port;

    LoopbackPeer(Handshake.Self self, PeerIdentities identities, Path directory) {
        this(self, identities, directory, null);
    }

    /** @param tls with which both directions are spoken, null for none */
    LoopbackPeer(Handshake.Self self, PeerIdentities identities, Path directory, @Nullable LiveTls tls) {
        this.id = self.memberId();
        this.metrics = new PeerMetrics(id, HEARTBEAT_MILLIS);
        this.directory = directory;
        this.tls = tls;
        this.handshake = new Handshake(self, identities, removed::contains);
        this.transport = new GrpcPeerTransport(handshake, loops, tls, this);
        this.snapshots = new SnapshotSender(handshake, transport, this);
    }

    /** Listens, on the same port as before if it did. */
    LoopbackPeer listen() {
        var address = new ListenAddress("listen-peer-urls", "127.0.0.1", port)
                .securedBy(tls == null ? Security.PLAIN : Security.TLS);
        server = PeerServer.start(
                new PeerServer.Sockets(List.of(address), loops, tls),
                handshake,
                new PeerServer.Inbox(received::add, forwards::add, this, reply -> reply.succeed(members)),
                this);
        port = server.ports().getFirst();
        return this;
    }

    void listenOn(int taken) {
        port = taken;
        listen();
    }

    void stopListening() {
        if (server != null) {
            server.close();
        }
    }

    int port() {
        return port;
    }

    Member member() {
        return new Member(
                id, "m" + id, List.of((tls == null ? "http" : "https") + "://127.0.0.1:" + port), List.of(), false);
    }

    void knows(LoopbackPeer... others) {
        var members = new ArrayList<Member>();
        members.add(member());
        for (LoopbackPeer other : others) {
            members.add(other.member());
        }
        transport.membersChanged(members);
    }

    /** Waits for the event; what came before it is thrown away. */
    String awaitEvent(String beginning) throws InterruptedException {
        for (String event = next(); ; event = next()) {
            if (event.startsWith(beginning)) {
                return event;
            }
        }
    }

    private String next() throws InterruptedException {
        String event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing happened within " + WAIT_SECONDS + " s");
        }
        return event;
    }

    Message awaitMessage() throws InterruptedException {
        return await(received);
    }

    Forward awaitForward() throws InterruptedException {
        return await(forwards);
    }

    private static <T> T await(BlockingQueue<T> arrivals) throws InterruptedException {
        T arrived = arrivals.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (arrived == null) {
            throw new AssertionError("no message within " + WAIT_SECONDS + " s");
        }
        return arrived;
    }

    @Override
    public PeerMetrics.Peer figures(long peer) {
        return metrics.of(peer);
    }

    @Override
    public void unreached(long peer, String reason) {
        events.add("unreached " + peer + ": " + reason);
    }

    @Override
    public void connected(long peer) {
        events.add("connected " + peer);
    }

    @Override
    public void lost(long peer, String reason) {
        events.add("lost " + peer + " " + reason);
    }

    @Override
    public void unreachable(long peer) {
        events.add("unreachable " + peer);
    }

    @Override
    public void refusedBy(long peer, Refusal refusal) {
        events.add("refused by " + peer + " " + refusal);
    }

    @Override
    public void refused(long peer, Refusal refusal) {
        events.add("refused " + peer + " " + refusal);
    }

    @Override
    public Path newDirectory() {
        return directory.resolve("incoming");
    }

    @Override
    public void received(Message.InstallSnapshot announced, Path at) {
        received.add(announced);
    }

    @Override
    public void close() {
        transport.close();
        stopListening();
        loops.close();
    }
}
