package dev.keelson.server.port;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that move bytes, and the kind of sockets that goes with them: epoll where the platform has it, else NIO.
 *
 * <p>A call over epoll costs a fifth of one over NIO, so NIO is for platforms without a choice.
 *
 * <p>Thread rule: any thread.
 */
public final class EventLoops implements AutoCloseable {

    private static final long QUIET_MILLIS = 0;
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final EventLoopGroup acceptors;
    private final EventLoopGroup workers;
    private final boolean epoll;
    private final boolean shared;

    private EventLoops(String name, int threads, boolean epoll, boolean shared) {
        var acceptorThreads = new DefaultThreadFactory(name + "-accept", true);
        var workerThreads = new DefaultThreadFactory(name + "-io", true);
        this.epoll = epoll;
        this.shared = shared;
        this.acceptors =
                epoll ? new EpollEventLoopGroup(1, acceptorThreads) : new NioEventLoopGroup(1, acceptorThreads);
        this.workers =
                epoll ? new EpollEventLoopGroup(threads, workerThreads) : new NioEventLoopGroup(threads, workerThreads);
    }

    /**
     * Makes loops; threads start with their first work.
     *
     * @param name how the threads are called
     * @param threads how many serve connections
     */
    public static EventLoops open(String name, int threads) {
        return open(name, threads, false);
    }

    /**
     * The same, with ports that other processes may listen on too; the system spreads the connections.
     *
     * @throws UnsupportedOperationException when the platform has no epoll
     */
    public static EventLoops open(String name, int threads, boolean shared) {
        if (shared && !Epoll.isAvailable()) {
            throw new UnsupportedOperationException("--socket-reuse-port needs Linux");
        }
        return new EventLoops(name, threads, Epoll.isAvailable(), shared);
    }

    /** The same over NIO, whatever the platform offers. */
    static EventLoops openNio(String name, int threads) {
        return new EventLoops(name, threads, false, false);
    }

    public EventLoopGroup acceptors() {
        return acceptors;
    }

    public EventLoopGroup workers() {
        return workers;
    }

    /** Makes listening sockets. */
    public ChannelFactory<ServerChannel> serverChannels() {
        return epoll ? this::epollServerChannel : NioServerSocketChannel::new;
    }

    private ServerChannel epollServerChannel() {
        var channel = new EpollServerSocketChannel();
        channel.config().setReusePort(shared);
        return channel;
    }

    /** The kind of outgoing connections. */
    public Class<? extends Channel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Ends the threads and waits a moment for it. */
    @Override
    public void close() {
        var _ = acceptors.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        var _ = workers.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        acceptors.terminationFuture().awaitUninterruptibly(CLOSE_MILLIS_MAX);
        workers.terminationFuture().awaitUninterruptibly(CLOSE_MILLIS_MAX);
    }
}
