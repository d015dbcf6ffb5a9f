package dev.keelson.server.port;

import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.StreamedRoute;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection: requests one after another, each answered before the next is looked at, as the order of the
 * answers is all that tells the client which is which.
 *
 * <p>It reads by itself, and never more than somebody waits for: the head of a request when none is under way, as much of
 * a body as its route asks for, and one read ahead during an answer, which is what shows that the client has gone. What
 * one read brought beyond that waits here.
 *
 * <p>Thread rule: the connection's event loop.
 */
final class HttpConnection extends ChannelDuplexHandler {

    private final StreamedRoute router;
    private final PortLimits limits;
    private final HeadDeadline deadline = new HeadDeadline();
    private final Queue<HttpObject> inbox = new ArrayDeque<>();
    private @Nullable ServedExchange exchange;
    private boolean reading;
    private boolean pumping;

    HttpConnection(StreamedRoute router, PortLimits limits) {
        this.router = router;
        this.limits = limits;
    }

    /** For a connection that is HTTP from its first byte on: nothing came yet that would set it going. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        pump(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpObject part) {
            inbox.add(part);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        pump(context);
    }

    /** Hands on what can be handed on, then reads if somebody waits for more. */
    void pump(ChannelHandlerContext context) {
        if (pumping || context.isRemoved()) {
            return;
        }
        pumping = true;
        try {
            for (HttpObject part = inbox.peek(); part != null && takes(part); part = inbox.peek()) {
                take(context, inbox.remove());
            }
        } finally {
            pumping = false;
        }
        if (inbox.isEmpty() && !reading && (exchange == null || exchange.hasWholeBody() || exchange.takesBody())) {
            reading = true;
            context.read();
        }
    }

    private boolean takes(HttpObject part) {
        return exchange == null || (part instanceof HttpContent && !exchange.hasWholeBody() && exchange.takesBody());
    }

    private void take(ChannelHandlerContext context, HttpObject part) {
        try {
            if (exchange == null && part instanceof io.netty.handler.codec.http.HttpRequest head) {
                begin(context, head);
            }
            if (exchange != null && part instanceof HttpContent content) {
                exchange.take(content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(ChannelHandlerContext context, io.netty.handler.codec.http.HttpRequest head) {
        var begun = new ServedExchange(context, this, head);
        exchange = begun;
        deadline.reached();
        HttpRequest request = RequestHead.translate(head);
        HttpReply refusal = request == null ? RequestHead.malformed(head) : RequestHead.refusal(head);
        if (refusal != null || request == null) {
            begun.refuse(refusal == null ? RequestHead.malformed(head) : refusal);
        } else {
            begun.listener(router.serve(request, begun));
        }
    }

    /** The exchange under way is over, so that the next request may come. */
    void ended(ChannelHandlerContext context) {
        exchange = null;
        deadline.restart();
        pump(context);
    }

    /** Stands before whoever makes requests of bytes. */
    HeadDeadline deadline() {
        return deadline;
    }

    PortLimits limits() {
        return limits;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && context.channel().isWritable()) {
            exchange.becameWritable();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpObject) {
            // The answer to the wish for a websocket, which starts at the end of the pipeline.
            context.write(message, promise);
            return;
        }
        // Own answers start below this handler, so this is gRPC's order to end the connection: the server stops.
        ReferenceCountUtil.release(message);
        var _ = context.close(promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // A stream may well be silent, and a call may wait for others; all else would wait for a client that is stuck.
        boolean patient = exchange != null && exchange.isPatient();
        if (event instanceof IdleStateEvent && !patient) {
            var _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        release();
        if (exchange != null) {
            exchange.lost();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }

    private void release() {
        for (HttpObject part = inbox.poll(); part != null; part = inbox.poll()) {
            ReferenceCountUtil.release(part);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that broke off, or bytes that are no HTTP: there is nobody left to answer.
        var _ = context.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
