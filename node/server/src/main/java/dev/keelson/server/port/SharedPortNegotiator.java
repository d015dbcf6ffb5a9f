package dev.keelson.server.port;

import dev.keelson.server.http.HttpRouter;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AsciiString;

/**
 * Decides for each new connection whether gRPC or HTTP/1.1 gets it.
 *
 * <p>TLS is in front of the {@link PrefaceSniffer}: with it the first bytes to look at are those after the handshake.
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
        ChannelPipeline pipeline = context.pipeline();
        // What follows the sniffer is gRPC's buffer for writes before the negotiation, which nothing would ever end.
        while (!pipeline.last().equals(context.handler())) {
            pipeline.removeLast();
        }
        HttpPipeline.fill(context.channel(), router, limits);
    }

    @Override
    public void close() {
        plaintext.close();
    }
}
