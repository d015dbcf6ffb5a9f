package dev.keelson.server.peer;

import dev.keelson.server.port.EventLoops;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Opens connections to peer URLs. TLS between members belongs here and in {@link PeerServer}. */
final class PeerAddress {

    private static final int CONNECT_MILLIS_MAX = 2_000;

    private PeerAddress() {}

    /** A connection that is made with the first call; its name is looked up anew each time, since Pods move. */
    static ManagedChannel connect(String peerUrl, EventLoops loops) {
        URI url = URI.create(peerUrl);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(url.getHost(), url.getPort())
                .usePlaintext()
                .eventLoopGroup(loops.workers())
                .channelType(loops.clientChannel())
                .directExecutor()
                .disableRetry()
                .flowControlWindow(PeerLimits.WINDOW_BYTES)
                .keepAliveTime(PeerLimits.KEEPALIVE_MILLIS, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PeerLimits.KEEPALIVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .withOption(ChannelOption.TCP_NODELAY, true);
        if (loops.clientChannel() == EpollSocketChannel.class) {
            builder.withOption(EpollChannelOption.TCP_USER_TIMEOUT, PeerLimits.UNACKNOWLEDGED_MILLIS_MAX);
        }
        return builder.build();
    }
}
