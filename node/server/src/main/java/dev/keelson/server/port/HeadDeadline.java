package dev.keelson.server.port;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/1.1 connection whose client has begun the head of a request and does not come to its end.
 *
 * <p>A byte now and then would hold a connection for ever otherwise, since it is never silent.
 *
 * <p>Thread rule: the connection's event loop.
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {

    private boolean awaited = true;
    private @Nullable ScheduledFuture<?> deadline;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (awaited && deadline == null) {
            deadline = context.executor()
                    .schedule(
                            () -> {
                                var _ = context.close();
                            },
                            PortLimits.HTTP_HEAD_MILLIS_MAX,
                            TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(message);
    }

    /** The head has come. */
    void reached() {
        awaited = false;
        cancel();
    }

    /** The exchange is over; the next bytes begin a head. */
    void restart() {
        awaited = true;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancel();
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
