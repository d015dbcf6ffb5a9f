package dev.keelson.server.port;

import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a connection and hands it to gRPC when they are the HTTP/2 preface, else to HTTP/1.1.
 *
 * <p>gRPC begins a connection with an event that it sends down its own pipeline; it is kept here until the choice is made
 * and then sent on, since without it gRPC never takes the connection.
 *
 * <p>Thread rule: the connection's event loop.
 */
final class PrefaceSniffer extends ByteToMessageDecoder {

    private final Supplier<ChannelHandler> grpc;
    private final Consumer<ChannelHandlerContext> http;
    private final long millisMax;
    private @Nullable ProtocolNegotiationEvent negotiationEvent;
    private @Nullable ScheduledFuture<?> deadline;

    /**
     * @param grpc makes the handler that takes the connection over for gRPC
     * @param http fills the pipeline for HTTP/1.1
     * @param millisMax a connection that has not said enough by then is closed
     */
    PrefaceSniffer(Supplier<ChannelHandler> grpc, Consumer<ChannelHandlerContext> http, long millisMax) {
        this.grpc = grpc;
        this.http = http;
        this.millisMax = millisMax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> {
                            var _ = context.close();
                        },
                        millisMax,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (negotiationEvent == null && event instanceof ProtocolNegotiationEvent negotiation) {
            negotiationEvent = negotiation;
        } else {
            super.userEventTriggered(context, event);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (compareToPreface(in)) {
            case TOO_SHORT -> {}
            case GRPC -> {
                context.pipeline().addAfter(context.name(), null, grpc.get());
                if (negotiationEvent != null) {
                    context.fireUserEventTriggered(negotiationEvent);
                }
                context.pipeline().remove(this);
            }
            case HTTP -> {
                http.accept(context);
                context.pipeline().remove(this);
            }
        }
    }

    private enum Finding {
        TOO_SHORT,
        GRPC,
        HTTP
    }

    private static Finding compareToPreface(ByteBuf in) {
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        try {
            int length = Math.min(in.readableBytes(), preface.readableBytes());
            for (int at = 0; at < length; at++) {
                if (in.getByte(in.readerIndex() + at) != preface.getByte(at)) {
                    return Finding.HTTP;
                }
            }
            return length == preface.readableBytes() ? Finding.GRPC : Finding.TOO_SHORT;
        } finally {
            preface.release();
        }
    }
}
