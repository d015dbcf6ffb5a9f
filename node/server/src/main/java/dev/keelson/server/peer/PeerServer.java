package dev.keelson.server.peer;

import dev.keelson.engine.Member;
import dev.keelson.engine.Reply;
import dev.keelson.engine.forward.Forward;
import dev.keelson.raft.message.Message;
import dev.keelson.server.port.BindFailedException;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.Secured;
import dev.keelson.server.tls.LiveTls;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens on the peer URLs for the streams of the other members.
 *
 * <p>Thread rule: {@code start} and {@code close} by the one who wires the process; messages are handed on by event loops.
 */
public final class PeerServer implements AutoCloseable {

    private static final long CLOSE_MILLIS_MAX = 500;

    private final List<Server> servers = new ArrayList<>();
    private final SnapshotReceiver snapshots;

    private PeerServer(SnapshotReceiver snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * Where to listen.
     *
     * @param tls for the addresses that speak it
     */
    public record Sockets(
            List<ListenAddress> addresses,
            EventLoops loops,
            @Nullable LiveTls tls) {}

    /**
     * What comes in goes here.
     *
     * @param messages takes a message of a peer that has proved who it is; must not block
     * @param forwards takes a question or an answer of such a peer; must not block
     * @param snapshots takes a snapshot that came whole
     * @param members tells who the members are, as far as this one knows
     */
    public record Inbox(
            Consumer<Message> messages,
            Consumer<Forward> forwards,
            SnapshotInbox snapshots,
            Consumer<Reply<List<Member>>> members) {}

    /**
     * Begins to listen.
     *
     * @throws BindFailedException naming the first address that could not be taken
     */
    public static PeerServer start(Sockets sockets, Handshake handshake, Inbox inbox, PeerListener listener) {
        var server = new PeerServer(new SnapshotReceiver(handshake, inbox, listener));
        for (ListenAddress address : sockets.addresses()) {
            server.listen(address, sockets, new PeerService(handshake, inbox, server.snapshots, listener));
        }
        return server;
    }

    private void listen(ListenAddress address, Sockets sockets, PeerService service) {
        EventLoops loops = sockets.loops();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address.resolve())
                .directExecutor()
                .bossEventLoopGroup(loops.acceptors())
                .workerEventLoopGroup(loops.workers())
                .channelFactory(loops.serverChannels())
                .flowControlWindow(PeerLimits.WINDOW_BYTES)
                .maxInboundMessageSize(PeerLimits.FRAME_BYTES_MAX)
                .permitKeepAliveTime(PeerLimits.KEEPALIVE_MILLIS / 2, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(PeerLimits.KEEPALIVE_MILLIS, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PeerLimits.KEEPALIVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .addService(service);
        Secured.secure(builder, address, sockets.tls());
        Server server = builder.build();
        try {
            server.start();
            servers.add(server);
        } catch (IOException cause) {
            close();
            throw BindFailedException.of(address, cause);
        }
    }

    /** The ports listened on, in the order of the addresses. */
    public List<Integer> ports() {
        return servers.stream()
                .map(server -> ((InetSocketAddress) server.getListenSockets().getFirst()).getPort())
                .toList();
    }

    /** Cuts all streams off: what a peer sends now is lost, as raft allows. */
    @Override
    public void close() {
        servers.forEach(Server::shutdownNow);
        try {
            for (Server server : servers) {
                server.awaitTermination(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        snapshots.close();
    }
}
