package dev.keelson.server.port;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the connections of clients below a bound: one beyond it is closed before anything is read from it.
 *
 * <p>Without it clients could take every file descriptor, and the member could not open its own files any more.
 *
 * <p>Thread rule: the acceptors' event loops.
 */
@Sharable
final class ConnectionCap extends ChannelInboundHandlerAdapter {

    private final long max;
    private final AtomicLong open = new AtomicLong();

    ConnectionCap(long max) {
        this.max = max;
    }

    /** What the descriptors of this process allow, at least half of them. */
    static long ofProcess() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long files = system.getMaxFileDescriptorCount();
            return Math.max(files - PortLimits.FILES_RESERVED, files / 2);
        }
        return Long.MAX_VALUE;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Channel accepted) {
            if (open.incrementAndGet() > max) {
                open.decrementAndGet();
                accepted.unsafe().closeForcibly();
                return;
            }
            accepted.closeFuture().addListener(_ -> open.decrementAndGet());
        }
        context.fireChannelRead(message);
    }
}
