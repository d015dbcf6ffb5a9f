package dev.keelson.server.port;

import dev.keelson.server.tls.LiveTls;
import dev.keelson.server.tls.TlsException;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the head of a connection until TLS has been agreed on, then lets in what speaks behind it.
 *
 * <p>The first byte tells TLS from anything else. Somebody who speaks in the clear where that is not wanted is told so if
 * he speaks HTTP/1.1, and the connection ends.
 *
 * <p>gRPC begins a connection with an event that it sends down its own pipeline; it is kept here, and sent on with the
 * session of the handshake, in which calls find whose certificate their client has shown.
 *
 * <p>Thread rule: the connection's event loop.
 */
final class TlsGate extends ByteToMessageDecoder {

    /** A handshake that takes longer is given up, as etcd does; it includes the wait for the first byte. */
    static final long HANDSHAKE_MILLIS_MAX = 10_000;

    /** The type of the record that a client's handshake begins with. */
    private static final int HANDSHAKE_RECORD = 22;

    private static final String PREFACE_BEGIN = "PRI";
    private static final byte[] PLAIN_ANSWER =
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final LiveTls tls;
    private final boolean plainToo;
    private final Consumer<ChannelHandlerContext> next;
    private @Nullable ProtocolNegotiationEvent negotiationEvent;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable SslHandler handshake;
    private boolean ended;

    /** @param next adds what speaks on the connection behind the handler of the context */
    TlsGate(LiveTls tls, boolean plainToo, Consumer<ChannelHandlerContext> next) {
        this.tls = tls;
        this.plainToo = plainToo;
        this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> refuse(context, "no handshake within " + HANDSHAKE_MILLIS_MAX + " ms"),
                        HANDSHAKE_MILLIS_MAX,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (handshake != null || ended) {
            // Nothing but TLS is read from here on, and it comes decrypted to whoever takes this place.
            in.skipBytes(in.readableBytes());
        } else if (in.getUnsignedByte(in.readerIndex()) == HANDSHAKE_RECORD) {
            begin(context, in);
        } else if (plainToo) {
            pass(context);
        } else {
            refusePlain(context, in);
        }
    }

    private void begin(ChannelHandlerContext context, ByteBuf in) {
        SslHandler handler = tls.listening().newHandler(context.alloc());
        // This handler's own deadline counts from the first moment on.
        handler.setHandshakeTimeoutMillis(0);
        handshake = handler;
        ByteBuf read = in.readRetainedSlice(in.readableBytes());
        context.pipeline().addBefore(context.name(), null, handler);
        // What this handler has read already goes the way it would have gone.
        try {
            ChannelHandlerContext first = context.pipeline().context(handler);
            handler.channelRead(first, read);
            handler.channelReadComplete(first);
        } catch (Exception failure) {
            context.fireExceptionCaught(failure);
        }
    }

    private void pass(ChannelHandlerContext context) {
        next.accept(context);
        if (negotiationEvent != null) {
            context.fireUserEventTriggered(negotiationEvent);
        }
        context.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (negotiationEvent == null && event instanceof ProtocolNegotiationEvent negotiation) {
            negotiationEvent = negotiation;
        } else if (handshake != null && event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                negotiationEvent = secured(negotiationEvent, handshake.engine().getSession());
                pass(context);
            } else {
                // Who failed it sends the alert and closes.
                report(context, TlsException.reason(completion.cause()));
            }
        } else {
            super.userEventTriggered(context, event);
        }
    }

    private static @Nullable ProtocolNegotiationEvent secured(
            @Nullable ProtocolNegotiationEvent event, SSLSession session) {
        if (event == null) {
            return null;
        }
        Attributes attributes = InternalProtocolNegotiationEvent.getAttributes(event).toBuilder()
                .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session)
                .build();
        return InternalProtocolNegotiationEvent.withAttributes(event, attributes);
    }

    private void refusePlain(ChannelHandlerContext context, ByteBuf in) {
        String begin = in.toString(
                in.readerIndex(), Math.min(PREFACE_BEGIN.length(), in.readableBytes()), StandardCharsets.US_ASCII);
        in.skipBytes(in.readableBytes());
        report(context, "first record does not look like a TLS handshake");
        // Over HTTP/2 the answer would be taken for a broken frame.
        if (!begin.equals(PREFACE_BEGIN) && begin.charAt(0) >= 'A' && begin.charAt(0) <= 'Z') {
            var _ = context.writeAndFlush(context.alloc().buffer().writeBytes(PLAIN_ANSWER))
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            var _ = context.close();
        }
    }

    private void refuse(ChannelHandlerContext context, String reason) {
        report(context, reason);
        var _ = context.close();
    }

    private void report(ChannelHandlerContext context, String reason) {
        if (!ended) {
            ended = true;
            tls.refused(String.valueOf(context.channel().remoteAddress()), reason);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        // Before the first byte this is how balancers look whether somebody listens, of which nobody wants to read.
        if (handshake != null) {
            report(context, "the connection ended during the handshake");
        }
        ended = true;
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        report(context, TlsException.reason(cause));
        if (handshake == null) {
            var _ = context.close();
        }
    }
}
