package dev.keelson.server.port;

import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.tls.LiveTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sockets for those who watch over a member: HTTP/1.1 alone, from the start on, so that a probe sees a member that is not
 * ready yet.
 *
 * <p>Thread rule: {@code open} and {@code close} by the one who wires the process.
 */
public final class MetricsPort implements AutoCloseable {

    private final List<Channel> listening = new ArrayList<>();

    private MetricsPort() {}

    /**
     * Begins to serve.
     *
     * @param tls for the addresses that speak it
     * @throws BindFailedException naming the first address that could not be taken
     */
    public static MetricsPort open(
            List<ListenAddress> addresses,
            EventLoops loops,
            PortLimits limits,
            HttpRouter router,
            @Nullable LiveTls tls) {
        var port = new MetricsPort();
        var connections = new ServerBootstrap()
                .group(loops.acceptors(), loops.workers())
                .channelFactory(loops.serverChannels())
                .childOption(ChannelOption.TCP_NODELAY, true);
        for (ListenAddress address : addresses) {
            ChannelFuture bound = connections
                    .clone()
                    .childHandler(initializer(address, limits, router, tls))
                    .bind(address.resolve())
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                port.close();
                throw BindFailedException.of(address, bound.cause());
            }
            port.listening.add(bound.channel());
        }
        return port;
    }

    private static ChannelInitializer<Channel> initializer(
            ListenAddress address, PortLimits limits, HttpRouter router, @Nullable LiveTls tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                if (address.security().hasTls()) {
                    connection
                            .pipeline()
                            .addLast(new TlsGate(
                                    address.requireTls(tls), address.security().hasPlain(), context -> {
                                        HttpPipeline.fill(connection, router, limits);
                                        context.fireChannelActive();
                                    }));
                } else {
                    HttpPipeline.fill(connection, router, limits);
                }
            }
        };
    }

    /** The ports listened on, in the order of the addresses. */
    public List<Integer> ports() {
        return listening.stream()
                .map(channel -> ((InetSocketAddress) channel.localAddress()).getPort())
                .toList();
    }

    /** Stops accepting; connections end with their event loops. */
    @Override
    public void close() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
    }
}
