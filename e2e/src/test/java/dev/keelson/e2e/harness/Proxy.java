package dev.keelson.e2e.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy that can do to its connections what a bad network does.
 *
 * <p>A blackhole holds bytes back and delivers them, late, once it is gone, as TCP's retransmission does.
 */
public final class Proxy implements AutoCloseable {

    private static final int CONNECTIONS_MAX = 32;
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int SLICE_BYTES = 7;
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = Fault.NONE;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean closed;

    /** What happens to bytes; seen from the side that connects. */
    public enum Fault {
        NONE,
        /** Nothing goes there. */
        BLACKHOLE_THERE,
        /** Nothing comes back. */
        BLACKHOLE_BACK,
        BLACKHOLE,
        /** Bytes go a few at a time. */
        SLICE,
        /** Connections, old and new, are reset. */
        RESET,
        /** The target sees its side closed; the one that connected sees nothing, and new connections lead nowhere. */
        HALF_OPEN
    }

    private Proxy(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    public static Proxy listen(InetSocketAddress at, InetSocketAddress target) {
        try {
            var listener = new ServerSocket(at.getPort(), CONNECTIONS_MAX, at.getAddress());
            var proxy = new Proxy(listener, target);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException failure) {
            throw new IllegalStateException("cannot listen on " + at, failure);
        }
    }

    /** From now on this happens to all connections. */
    public void become(Fault next) {
        fault = next;
        if (next == Fault.RESET) {
            open.forEach(Proxy::reset);
        }
        if (next == Fault.HALF_OPEN) {
            open.stream().filter(socket -> socket.getPort() == target.getPort()).forEach(Proxy::reset);
        }
    }

    /** Holds each chunk back for that long. */
    public void delay(Duration time) {
        delay = time;
    }

    /** Ends the fault; connections that it left half open are reset, so that both sides know. */
    public void heal() {
        boolean halfOpen = fault == Fault.HALF_OPEN;
        fault = Fault.NONE;
        delay = Duration.ZERO;
        if (halfOpen) {
            open.forEach(Proxy::reset);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                if (fault == Fault.RESET || !free.tryAcquire()) {
                    reset(client);
                } else {
                    Thread.ofVirtual().start(() -> connect(client));
                }
            } catch (IOException gone) {
                assert closed : gone;
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try (client;
                var server = new Socket()) {
            if (fault != Fault.HALF_OPEN) {
                server.connect(target);
            }
            open.add(server);
            Thread back = Thread.ofVirtual().start(() -> pump(server, client, Fault.BLACKHOLE_BACK));
            pump(client, server, Fault.BLACKHOLE_THERE);
            back.join();
            open.remove(server);
        } catch (IOException gone) {
            reset(client);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
            free.release();
        }
    }

    private void pump(Socket from, Socket to, Fault blackhole) {
        var chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                LockSupport.parkNanos(delay.toNanos());
                while (!closed && (fault == blackhole || fault == Fault.BLACKHOLE)) {
                    LockSupport.parkNanos(LOOK_EVERY.toNanos());
                }
                write(chunk, length, out);
            }
        } catch (IOException gone) {
            assert gone != null;
        }
        holdWhileHalfOpen();
        reset(to);
        reset(from);
    }

    private void holdWhileHalfOpen() {
        while (!closed && fault == Fault.HALF_OPEN) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private void write(byte[] chunk, int length, OutputStream out) throws IOException {
        int slice = fault == Fault.SLICE ? SLICE_BYTES : length;
        for (int at = 0; at < length; at += slice) {
            out.write(chunk, at, Math.min(slice, length - at));
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            assert socket.isClosed() : gone;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        open.forEach(Proxy::reset);
    }

    /** An address of this machine's loopback network. */
    static InetSocketAddress loopback(int second, int third, int fourth, int port) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {127, (byte) second, (byte) third, (byte) fourth}), port);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
