package dev.keelson.server.port;

import dev.keelson.server.tls.LiveTls;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS in front of what decides who gets a connection.
 *
 * <p>Thread rule: stateless but for what it is built with.
 */
public final class Secured implements InternalProtocolNegotiator.ProtocolNegotiator {

    private static final AsciiString HTTPS = AsciiString.of("https");

    private final LiveTls tls;
    private final boolean plainToo;
    private final InternalProtocolNegotiator.ProtocolNegotiator inner;

    private Secured(LiveTls tls, boolean plainToo, InternalProtocolNegotiator.ProtocolNegotiator inner) {
        this.tls = tls;
        this.plainToo = plainToo;
        this.inner = inner;
    }

    /** Makes a server that speaks gRPC alone do so under TLS, where the address is for that. */
    public static void secure(NettyServerBuilder builder, ListenAddress address, @Nullable LiveTls tls) {
        builder.protocolNegotiator(over(address, tls, InternalProtocolNegotiators.serverPlaintext()));
    }

    static InternalProtocolNegotiator.ProtocolNegotiator over(
            ListenAddress address, @Nullable LiveTls tls, InternalProtocolNegotiator.ProtocolNegotiator inner) {
        return address.security().hasTls()
                ? new Secured(address.requireTls(tls), address.security().hasPlain(), inner)
                : inner;
    }

    @Override
    public AsciiString scheme() {
        return HTTPS;
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        return new TlsGate(
                tls, plainToo, context -> context.pipeline().addAfter(context.name(), null, inner.newHandler(grpc)));
    }

    @Override
    public void close() {
        inner.close();
    }
}
