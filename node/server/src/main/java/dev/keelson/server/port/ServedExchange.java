package dev.keelson.server.port;

import dev.keelson.server.http.ExchangeListener;
import dev.keelson.server.http.HttpExchange;
import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.StreamedRoute;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.SocketAddress;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on an HTTP/1.1 connection and its answer.
 *
 * <p>It is over when both the answer is written and the body has been read. What is left of a body after the answer is
 * read and forgotten, up to a bound; a client that goes on sending is cut off.
 *
 * <p>Thread rule: the connection's event loop, but for what {@link HttpExchange} says otherwise.
 */
final class ServedExchange implements HttpExchange {

    private static final int FORGOTTEN_BYTES_MAX = 256 * 1024;

    private final ChannelHandlerContext context;
    private final HttpConnection connection;
    private final io.netty.handler.codec.http.HttpRequest head;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private ExchangeListener listener = ExchangeListener.NONE;
    private @Nullable Future<?> timer;
    private boolean continueAwaited;
    private boolean reading;
    private boolean wholeBody;
    private boolean begun;
    private boolean answered;
    private boolean over;
    private int forgottenBytes;

    ServedExchange(
            ChannelHandlerContext context, HttpConnection connection, io.netty.handler.codec.http.HttpRequest head) {
        this.context = context;
        this.connection = connection;
        this.head = head;
        this.continueAwaited = HttpUtil.is100ContinueExpected(head);
    }

    void listener(ExchangeListener one) {
        listener = one;
    }

    /** Answers what never got to a route; nothing of what follows can be trusted to be a request. */
    void refuse(HttpReply reply) {
        wholeBody = true;
        reply(reply);
    }

    boolean hasWholeBody() {
        return wholeBody;
    }

    /** Whether a part of the body would be taken now. */
    boolean takesBody() {
        return reading || answered;
    }

    /** Whether silence of the client is nothing that it can be blamed for. */
    boolean isPatient() {
        return !answered && (begun || wholeBody);
    }

    void take(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            var _ = context.close();
            return;
        }
        boolean last = content instanceof LastHttpContent;
        wholeBody = last;
        if (answered) {
            forget(content.content().readableBytes());
            return;
        }
        if (!last || content.content().isReadable()) {
            reading = false;
            listener.part(ByteBufUtil.getBytes(content.content()));
        }
        if (last) {
            endBody();
        }
    }

    private void endBody() {
        if (!answered && reading) {
            reading = false;
            listener.end();
        }
        endIfDone();
    }

    private void forget(int bytes) {
        forgottenBytes += bytes;
        if (forgottenBytes > FORGOTTEN_BYTES_MAX) {
            var _ = context.close();
        } else {
            endIfDone();
        }
    }

    private void endIfDone() {
        if (answered && wholeBody && !over) {
            over = true;
            connection.ended(context);
        }
    }

    void becameWritable() {
        if (!answered) {
            listener.writable();
        }
    }

    /** The connection is gone. */
    void lost() {
        if (!answered) {
            answered = true;
            stopTimer();
            listener.gone();
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
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
        timer = context.executor()
                .schedule(
                        () -> {
                            if (!answered) {
                                action.run();
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void header(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void read() {
        if (answered) {
            return;
        }
        reading = true;
        if (wholeBody) {
            // Its last part has been handed on already.
            context.executor().execute(this::endBody);
            return;
        }
        if (continueAwaited) {
            continueAwaited = false;
            var _ = context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        connection.pump(context);
    }

    @Override
    public void reply(HttpReply reply) {
        if (answered) {
            return;
        }
        boolean headOnly = head.method().equals(HttpMethod.HEAD);
        byte[] body = reply.body();
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        complete(response, reply.headers()).set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        // A client that was not told to go on may or may not send its body: what comes next could be either.
        if (reply.closes() || continueAwaited) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        end(response);
    }

    private HttpHeaders complete(HttpResponse response, Map<String, String> more) {
        headers.forEach(response.headers()::set);
        more.forEach(response.headers()::set);
        return response.headers()
                .set(
                        HttpHeaderNames.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    }

    private void end(Object last) {
        answered = true;
        stopTimer();
        var _ = context.writeAndFlush(last);
        endIfDone();
        connection.pump(context);
    }

    @Override
    public void begin(int status, Map<String, String> more) {
        if (answered || begun) {
            return;
        }
        begun = true;
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        HttpHeaders all = complete(response, more);
        // Without chunks the end of the connection is the end of the answer.
        if (head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            all.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        var _ = context.write(response);
    }

    @Override
    public void write(byte[] part) {
        if (!answered) {
            var _ = context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(part)));
        }
    }

    @Override
    public void finish() {
        if (!answered) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public boolean isWritable() {
        return context.channel().isWritable();
    }

    @Override
    public void upgrade(Map<String, String> more, HttpRequest as, StreamedRoute route) {
        if (!answered) {
            answered = true;
            WebSocketConnection.upgrade(context, head, more, new WebSocketConnection(as, route, connection.limits()));
        }
    }
}
