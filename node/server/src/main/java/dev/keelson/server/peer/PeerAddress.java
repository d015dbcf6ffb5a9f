package dev.keelson.server.peer;

import dev.keelson.server.port.EventLoops;
import dev.keelson.server.tls.LiveTls;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to the peer URLs of the other members.
 *
 * <p>Thread rule: any thread.
 */
public final class PeerAddress {

    private static final String TLS_SCHEME = "https";

    private static final int CONNECT_MILLIS_MAX = 2_000;

    private final EventLoops loops;
    private final @Nullable LiveTls tls;

    /** @param tls what this member shows and whom it trusts; without it a URL with TLS is trusted as Java does */
    public PeerAddress(EventLoops loops, @Nullable LiveTls tls) {
        this.loops = loops;
        this.tls = tls;
    }

    EventLoops loops() {
        return loops;
    }

    /** A connection that is made with the first call; its name is looked up anew each time, since Pods move. */
    ManagedChannel connect(String peerUrl) {
        URI url = URI.create(peerUrl);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(url.getHost(), url.getPort())
                .eventLoopGroup(loops.workers())
                .channelType(loops.clientChannel())
                .directExecutor()
                .disableRetry()
                .flowControlWindow(PeerLimits.WINDOW_BYTES)
                .keepAliveTime(PeerLimits.KEEPALIVE_MILLIS, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PeerLimits.KEEPALIVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .withOption(ChannelOption.TCP_NODELAY, true);
        secure(builder, url);
        if (loops.clientChannel() == EpollSocketChannel.class) {
            builder.withOption(EpollChannelOption.TCP_USER_TIMEOUT, PeerLimits.UNACKNOWLEDGED_MILLIS_MAX);
        }
        return builder.build();
    }

    private void secure(NettyChannelBuilder builder, URI url) {
        if (!TLS_SCHEME.equals(url.getScheme())) {
            builder.usePlaintext();
        } else if (tls != null) {
            builder.sslContext(tls.dialing());
        } else {
            builder.useTransportSecurity();
        }
    }
}
