package dev.keelson.server.port;

import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.http.StreamedRoute;
import dev.keelson.server.tls.LiveTls;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that clients connect to: gRPC and HTTP/1.1 on each, served on the event loops.
 *
 * <p>{@link #bind} takes the addresses, so that a clash shows before anything else is started; connections then wait in the
 * system's queue until {@link #open}, as they do with etcd while a member is not ready.
 *
 * <p>Thread rule: {@code bind}, {@code open} and {@code close} by the one who wires the process.
 */
public final class ClientPort implements AutoCloseable {

    /** A connection may stay undecided for longer than this only if it is HTTP/1.1, which gRPC never hears of. */
    private static final long NEGOTIATION_DAYS_MAX = 365;

    private static final int ACCEPT_QUEUE = 1_024;
    private static final long CLOSE_MILLIS_MAX = 1_000;

    private final List<Server> servers = new ArrayList<>();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final ConnectionCap cap;

    private ClientPort(ConnectionCap cap) {
        this.cap = cap;
    }

    /**
     * What is served.
     *
     * @param grpc the services
     * @param guard what each call passes through first
     * @param http the HTTP/1.1 routes
     * @param gateway makes of the services what serves them over HTTP/1.1 too; null for nothing
     * @param tracers who follow the calls
     * @param tls for the addresses that speak it
     */
    public record Services(
            List<? extends BindableService> grpc,
            ServerInterceptor guard,
            HttpRouter http,
            @Nullable Function<List<ServerServiceDefinition>, StreamedRoute> gateway,
            List<ServerStreamTracer.Factory> tracers,
            @Nullable LiveTls tls) {

        /** Without a gateway or anybody who follows. */
        public Services(List<? extends BindableService> grpc, ServerInterceptor guard, HttpRouter http) {
            this(grpc, guard, http, null, List.of(), null);
        }

        /** The same by a gateway too. */
        public Services withGateway(@Nullable Function<List<ServerServiceDefinition>, StreamedRoute> made) {
            return new Services(grpc, guard, http, made, tracers, tls);
        }

        /** The same with other routes, and followed. */
        public Services with(HttpRouter routes, List<ServerStreamTracer.Factory> followers) {
            return new Services(grpc, guard, routes, gateway, followers, tls);
        }

        /** The same under TLS, where an address speaks it. */
        public Services over(@Nullable LiveTls security) {
            return new Services(grpc, guard, http, gateway, tracers, security);
        }

        private List<ServerServiceDefinition> guarded() {
            return grpc.stream()
                    .map(service -> ServerInterceptors.intercept(UnreadableRequests.kept(service.bindService()), guard))
                    .toList();
        }

        /** What the gateway calls is followed here: gRPC never hears of it. */
        private HttpRouter routes() {
            if (gateway == null) {
                return http;
            }
            var followed = new FollowedCalls(tracers);
            return http.withGateway(gateway.apply(grpc.stream()
                    .map(service -> ServerInterceptors.intercept(service, guard, followed))
                    .toList()));
        }
    }

    /**
     * Takes the addresses without accepting anything.
     *
     * @throws BindFailedException naming the first address that could not be taken
     */
    public static ClientPort bind(
            List<ListenAddress> addresses, EventLoops loops, PortLimits limits, Services services) {
        return bind(addresses, loops, limits, services, Bounds.ofProcess());
    }

    /**
     * What a test sets lower.
     *
     * @param firstBytesMillisMax for a client to show which protocol it speaks
     * @param connectionsMax open at a time, over all addresses
     */
    record Bounds(long firstBytesMillisMax, long connectionsMax) {

        static Bounds ofProcess() {
            return new Bounds(PortLimits.FIRST_BYTES_MILLIS_MAX, ConnectionCap.ofProcess());
        }
    }

    static ClientPort bind(
            List<ListenAddress> addresses, EventLoops loops, PortLimits limits, Services services, Bounds bounds) {
        var port = new ClientPort(new ConnectionCap(bounds.connectionsMax()));
        List<ServerServiceDefinition> guarded = services.guarded();
        HttpRouter routes = services.routes();
        for (ListenAddress address : addresses) {
            var negotiator = new SharedPortNegotiator(address.traffic(), routes, limits, bounds.firstBytesMillisMax());
            NettyServerBuilder builder = NettyServerBuilder.forAddress(address.resolve())
                    .protocolNegotiator(Secured.over(address, services.tls(), negotiator))
                    .handshakeTimeout(NEGOTIATION_DAYS_MAX, TimeUnit.DAYS)
                    .addServices(guarded);
            services.tracers().forEach(builder::addStreamTracerFactory);
            port.start(address, configure(builder, loops, limits).channelFactory(port.held(loops.serverChannels())));
        }
        return port;
    }

    private static NettyServerBuilder configure(NettyServerBuilder builder, EventLoops loops, PortLimits limits) {
        InternalNettyServerBuilder.setStatsEnabled(builder, false);
        InternalNettyServerBuilder.setTracingEnabled(builder, false);
        return builder.directExecutor()
                .bossEventLoopGroup(loops.acceptors())
                .workerEventLoopGroup(loops.workers())
                .withOption(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE)
                .withOption(ChannelOption.AUTO_READ, false)
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .maxInboundMessageSize(limits.frameBytesMax())
                .maxInboundMetadataSize(PortLimits.METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(limits.streamsMax())
                .maxRstFramesPerWindow(PortLimits.RESETS_MAX, PortLimits.RESET_SECONDS)
                .maxConnectionIdle(PortLimits.IDLE_MINUTES_MAX, TimeUnit.MINUTES)
                .permitKeepAliveTime(limits.pingIntervalMillisMin(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(false)
                .keepAliveTime(limits.keepAliveMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(limits.keepAliveTimeoutMillis(), TimeUnit.MILLISECONDS);
    }

    private ChannelFactory<ServerChannel> held(ChannelFactory<ServerChannel> channels) {
        return () -> {
            ServerChannel channel = channels.newChannel();
            channel.pipeline().addFirst(cap);
            listening.add(channel);
            return channel;
        };
    }

    private void start(ListenAddress address, NettyServerBuilder builder) {
        Server server = builder.build();
        try {
            server.start();
            servers.add(server);
        } catch (IOException cause) {
            close();
            throw BindFailedException.of(address, cause);
        }
    }

    /** Begins to accept connections, those that wait first. */
    public void open() {
        listening.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** The ports listened on, in the order of the addresses. */
    public List<Integer> ports() {
        var ports = new ArrayList<Integer>();
        for (Server server : servers) {
            SocketAddress address = server.getListenSockets().getFirst();
            ports.add(((InetSocketAddress) address).getPort());
        }
        return ports;
    }

    /** Stops accepting, lets calls in progress end for a moment, then cuts them off. */
    @Override
    public void close() {
        servers.forEach(Server::shutdown);
        try {
            for (Server server : servers) {
                if (!server.awaitTermination(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                    server.shutdownNow().awaitTermination(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException interrupted) {
            servers.forEach(Server::shutdownNow);
            Thread.currentThread().interrupt();
        }
    }
}
