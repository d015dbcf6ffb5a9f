package dev.keelson.server.port;

import dev.keelson.server.http.StreamedRoute;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** What makes a connection one that speaks HTTP/1.1. */
final class HttpPipeline {

    private HttpPipeline() {}

    static void fill(Channel connection, StreamedRoute router, PortLimits limits) {
        noticeDeadPeers(connection.config());
        // The connection asks for what it can take; one read brings one buffer, so that little waits.
        connection.config().setAutoRead(false);
        connection.config().setOption(ChannelOption.MAX_MESSAGES_PER_READ, 1);
        var decoding = new HttpDecoderConfig()
                .setMaxInitialLineLength(PortLimits.HTTP_LINE_BYTES_MAX)
                .setMaxHeaderSize(PortLimits.HTTP_HEADER_BYTES_MAX)
                .setMaxChunkSize(PortLimits.HTTP_CHUNK_BYTES_MAX);
        ChannelPipeline pipeline = connection.pipeline();
        // With a look at the output: a client that goes on taking a large answer is not idle.
        pipeline.addLast(new IdleStateHandler(true, 0, 0, PortLimits.HTTP_IDLE_SECONDS_MAX, TimeUnit.SECONDS));
        var requests = new HttpConnection(router, limits);
        pipeline.addLast(requests.deadline());
        pipeline.addLast(new HttpServerCodec(decoding));
        pipeline.addLast(new HttpServerKeepAliveHandler());
        pipeline.addLast(requests);
    }

    /** A peer that vanished without a word keeps its stream else, to which nobody may write for days. */
    private static void noticeDeadPeers(ChannelConfig config) {
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        if (config instanceof EpollSocketChannelConfig epoll) {
            epoll.setTcpKeepIdle(PortLimits.TCP_PROBE_SECONDS);
            epoll.setTcpKeepIntvl(PortLimits.TCP_PROBE_SECONDS);
            epoll.setTcpKeepCnt(PortLimits.TCP_PROBES_MAX);
        }
    }
}
