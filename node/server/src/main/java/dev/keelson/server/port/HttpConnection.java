package dev.keelson.server.port;

import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.HttpRouter;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One HTTP/1.1 connection: requests one after another, each answered before the next is looked at.
 *
 * <p>Replies may come from any thread; a pipelined request waits its turn, as the order of the answers is all that tells
 * the client which is which.
 *
 * <p>Thread rule: the connection's event loop.
 */
final class HttpConnection extends ChannelDuplexHandler {

    /** Pipelined requests that wait; a client with more of them is cut off. */
    private static final int WAITING_REQUESTS_MAX = 32;

    private final HttpRouter router;
    private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean busy;

    HttpConnection(HttpRouter router) {
        this.router = router;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            ReferenceCountUtil.release(message);
        } else if (!busy) {
            serve(context, request);
        } else if (waiting.size() < WAITING_REQUESTS_MAX) {
            waiting.add(request);
        } else {
            request.release();
            var _ = context.close();
        }
    }

    private void serve(ChannelHandlerContext context, FullHttpRequest request) {
        busy = true;
        boolean headOnly = request.method().equals(HttpMethod.HEAD);
        try {
            if (request.decoderResult().isFailure()) {
                write(context, HttpReply.text(400, "400 Bad Request").closing(), false);
            } else {
                router.serve(
                        translate(request), reply -> context.executor().execute(() -> write(context, reply, headOnly)));
            }
        } finally {
            request.release();
        }
    }

    private static HttpRequest translate(FullHttpRequest request) {
        var uri = new QueryStringDecoder(request.uri());
        return new HttpRequest(
                request.method().name(), uri.path(), uri.parameters(), ByteBufUtil.getBytes(request.content()));
    }

    private void write(ChannelHandlerContext context, HttpReply reply, boolean headOnly) {
        byte[] body = reply.body();
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        reply.headers().forEach(response.headers()::set);
        response.headers()
                .set(
                        HttpHeaderNames.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (reply.closes()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        var _ = context.writeAndFlush(response);
        busy = false;
        FullHttpRequest next = waiting.poll();
        if (next != null) {
            serve(context, next);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        // Own answers start below this handler, so this is gRPC's order to end the connection: the server stops.
        ReferenceCountUtil.release(message);
        var _ = context.close(promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            var _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        for (FullHttpRequest request = waiting.poll(); request != null; request = waiting.poll()) {
            request.release();
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that broke off, or bytes that are no HTTP: there is nobody left to answer.
        var _ = context.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
