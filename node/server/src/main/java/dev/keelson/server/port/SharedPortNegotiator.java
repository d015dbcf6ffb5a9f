package dev.keelson.server.port;

import dev.keelson.server.http.HttpRouter;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/**
 * Decides for each new connection whether gRPC or HTTP/1.1 gets it.
 *
 * <p>TLS belongs in front of the {@link PrefaceSniffer}: with it the first bytes to look at are those after the handshake.
 *
 * <p>Thread rule: stateless but for what it is built with.
 */
final class SharedPortNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {

    private final InternalProtocolNegotiator.ProtocolNegotiator plaintext =
            InternalProtocolNegotiators.serverPlaintext();
    private final Traffic traffic;
    private final HttpRouter router;
    private final PortLimits limits;
    private final long firstBytesMillisMax;

    SharedPortNegotiator(Traffic traffic, HttpRouter router, PortLimits limits, long firstBytesMillisMax) {
        this.traffic = traffic;
        this.router = router;
        this.limits = limits;
        this.firstBytesMillisMax = firstBytesMillisMax;
    }

    @Override
    public AsciiString scheme() {
        return plaintext.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        StreamExit.install(grpc);
        return new PrefaceSniffer(
                () -> traffic.hasGrpc() ? plaintext.newHandler(grpc) : new Refusal(),
                this::speakHttp,
                firstBytesMillisMax);
    }

    /** Ends a connection that this address is not for. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            var _ = context.close();
        }
    }

    private void speakHttp(ChannelHandlerContext context) {
        if (!traffic.hasHttp()) {
            var _ = context.close();
            return;
        }
        noticeDeadPeers(context.channel().config());
        // The connection asks for what it can take; one read brings one buffer, so that little waits.
        context.channel().config().setAutoRead(false);
        context.channel().config().setOption(ChannelOption.MAX_MESSAGES_PER_READ, 1);
        ChannelPipeline pipeline = context.pipeline();
        // What follows the sniffer is gRPC's buffer for writes before the negotiation, which nothing would ever end.
        while (!pipeline.last().equals(context.handler())) {
            pipeline.removeLast();
        }
        var decoding = new HttpDecoderConfig()
                .setMaxInitialLineLength(PortLimits.HTTP_LINE_BYTES_MAX)
                .setMaxHeaderSize(PortLimits.HTTP_HEADER_BYTES_MAX)
                .setMaxChunkSize(PortLimits.HTTP_CHUNK_BYTES_MAX);
        // With a look at the output: a client that goes on taking a large answer is not idle.
        pipeline.addLast(new IdleStateHandler(true, 0, 0, PortLimits.HTTP_IDLE_SECONDS_MAX, TimeUnit.SECONDS));
        pipeline.addLast(new HttpServerCodec(decoding));
        pipeline.addLast(new HttpServerKeepAliveHandler());
        pipeline.addLast(new HttpConnection(router, limits));
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

    @Override
    public void close() {
        plaintext.close();
    }
}
