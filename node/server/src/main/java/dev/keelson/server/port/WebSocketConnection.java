package dev.keelson.server.port;

import dev.keelson.server.http.ExchangeListener;
import dev.keelson.server.http.HttpExchange;
import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.StreamedRoute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A connection that has become a websocket: its messages, a line each, are the body of one request, and every part of the
 * answer is a message.
 *
 * <p>It reads while its route asks for more, and one read beyond that, which shows that the client has gone; but nothing
 * from a client that does not take its answers, those to its pings among them.
 *
 * <p>Thread rule: the connection's event loop, but for what {@link HttpExchange} says otherwise.
 */
final class WebSocketConnection extends ChannelDuplexHandler {

    private final HttpRequest request;
    private final StreamedRoute route;
    private final PortLimits limits;
    private final Queue<WebSocketFrame> inbox = new ArrayDeque<>();
    private ExchangeListener listener = ExchangeListener.NONE;
    private boolean wanted;
    private boolean reading;
    private boolean pumping;
    private boolean ended;

    /** @param request what the route is to see */
    WebSocketConnection(HttpRequest request, StreamedRoute route, PortLimits limits) {
        this.request = request;
        this.route = route;
        this.limits = limits;
    }

    /** Accepts the wish for a websocket; from then on {@code handler} has the connection. */
    static void upgrade(
            ChannelHandlerContext context,
            io.netty.handler.codec.http.HttpRequest head,
            Map<String, String> headers,
            WebSocketConnection handler) {
        var decoding = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(handler.limits.httpBodyBytesMax())
                .withUTF8Validator(false)
                .build();
        var accepted = new DefaultHttpHeaders();
        headers.forEach(accepted::set);
        var whole = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                head.uri(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
        new WebSocketServerHandshaker13("", null, decoding)
                .handshake(context.channel(), whole, accepted, context.newPromise())
                .addListener(done -> {
                    if (done.isSuccess()) {
                        context.pipeline().replace(context.handler(), null, handler);
                    } else {
                        var _ = context.close();
                    }
                });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        listener = route.serve(request, new Exchange(context));
        pump(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case PingWebSocketFrame ping -> {
                var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content()));
            }
            case CloseWebSocketFrame close -> {
                leave();
                var _ = context.writeAndFlush(close).addListener(ChannelFutureListener.CLOSE);
            }
            case PongWebSocketFrame pong -> pong.release();
            case WebSocketFrame frame -> inbox.add(frame);
            default -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        pump(context);
    }

    private void pump(ChannelHandlerContext context) {
        if (pumping || context.isRemoved()) {
            return;
        }
        pumping = true;
        try {
            while (!inbox.isEmpty() && (wanted || ended)) {
                take(inbox.remove());
            }
        } finally {
            pumping = false;
        }
        if (inbox.isEmpty() && !reading && context.channel().isWritable()) {
            reading = true;
            context.read();
        }
    }

    private void take(WebSocketFrame frame) {
        try {
            if (ended) {
                return;
            }
            wanted = false;
            ByteBuf content = frame.content();
            byte[] line = new byte[content.readableBytes() + (frame.isFinalFragment() ? 1 : 0)];
            content.getBytes(content.readerIndex(), line, 0, content.readableBytes());
            if (frame.isFinalFragment()) {
                line[line.length - 1] = '\n';
            }
            listener.part(line);
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            if (!ended) {
                listener.writable();
            }
            pump(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        leave();
    }

    private void leave() {
        for (WebSocketFrame frame = inbox.poll(); frame != null; frame = inbox.poll()) {
            frame.release();
        }
        if (!ended) {
            ended = true;
            listener.gone();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        // Own messages start below this handler, so this is gRPC's order to end the connection: the server stops.
        ReferenceCountUtil.release(message);
        var _ = context.close(promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Bytes that are no frames, or a frame that is too large.
        var _ = context.close();
    }

    /** The one request of the connection. */
    private final class Exchange implements HttpExchange {

        private final ChannelHandlerContext context;

        Exchange(ChannelHandlerContext context) {
            this.context = context;
        }

        @Override
        public SocketAddress remoteAddress() {
            return context.channel().remoteAddress();
        }

        @Override
        public Executor loop() {
            return context.executor();
        }

        @Override
        public void later(long nanos, Runnable action) {
            var _ = context.executor()
                    .schedule(
                            () -> {
                                if (!ended) {
                                    action.run();
                                }
                            },
                            nanos,
                            TimeUnit.NANOSECONDS);
        }

        /** Headers went out before. */
        @Override
        public void header(String name, String value) {}

        @Override
        public void read() {
            wanted = true;
            pump(context);
        }

        @Override
        public void reply(HttpReply reply) {
            write(reply.body());
            finish();
        }

        @Override
        public void begin(int status, Map<String, String> headers) {}

        @Override
        public void write(byte[] part) {
            if (ended || part.length == 0) {
                return;
            }
            int length = part[part.length - 1] == '\n' ? part.length - 1 : part.length;
            var _ = context.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(part, 0, length)));
        }

        @Override
        public void finish() {
            if (!ended) {
                ended = true;
                var _ = context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public boolean isWritable() {
            return context.channel().isWritable();
        }

        @Override
        public void upgrade(Map<String, String> headers, HttpRequest as, StreamedRoute other) {
            throw new IllegalStateException("already a websocket");
        }
    }
}
