package dev.keelson.server.port;

import dev.keelson.server.http.HttpRouter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;

/** What makes a connection one that speaks HTTP/1.1. */
final class HttpPipeline {

    private HttpPipeline() {}

    static void fill(ChannelPipeline pipeline, HttpRouter router, PortLimits limits) {
        var decoding = new HttpDecoderConfig()
                .setMaxInitialLineLength(PortLimits.HTTP_LINE_BYTES_MAX)
                .setMaxHeaderSize(PortLimits.HTTP_HEADER_BYTES_MAX)
                .setMaxChunkSize(PortLimits.HTTP_CHUNK_BYTES_MAX);
        pipeline.addLast(new IdleStateHandler(PortLimits.HTTP_IDLE_SECONDS_MAX, 0, 0));
        pipeline.addLast(new HttpServerCodec(decoding));
        pipeline.addLast(new HttpServerKeepAliveHandler());
        pipeline.addLast(new HttpObjectAggregator(limits.httpBodyBytesMax(), true));
        pipeline.addLast(new HttpConnection(router));
    }
}
