package dev.keelson.server.grpc;

import dev.keelson.server.port.StreamExit;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gathers answers in buffers that go to the connection as they are, however many messages each holds.
 *
 * <p>What is gathered while the event loop is busy goes out together: the more there is to do, the less each answer costs.
 * Bytes count as held from the moment they are gathered until the socket has taken them. A stream has room while it holds
 * few, and while all streams together do; one that holds none always has, so none waits for another to move on.
 *
 * <p>Thread rule: as {@link AnswerOutlet} says; the lock is held for a copy at most, never for I/O.
 */
final class StreamOutlet implements AnswerOutlet {

    /** Bytes that one stream holds before it has no more room. */
    static final long HELD_BYTES_MAX = 1 << 20;

    /** Bytes that all streams hold together before those that hold some have no more room. */
    static final long HELD_BYTES_ALL_MAX = 128 << 20;

    private static final int FIRST_BUFFER_BYTES = 4 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final StreamExit exit;
    private final AtomicLong heldByAll;
    private final AnswerListener listener;
    private final Runnable room;
    private final AtomicLong held = new AtomicLong();
    private volatile boolean wanted;

    // Under the lock on this:
    private Deque<ByteBuf> gathered = new ArrayDeque<>();
    private long messages;
    private long events;
    private boolean drainIsDue;
    private boolean closed;

    /**
     * @param heldByAll what all streams hold together
     * @param listener hears what was sent
     * @param room told when there is room again after there was none
     */
    StreamOutlet(StreamExit exit, AtomicLong heldByAll, AnswerListener listener, Runnable room) {
        this.exit = exit;
        this.heldByAll = heldByAll;
        this.listener = listener;
        this.room = room;
    }

    @Override
    public boolean hasRoom() {
        if (isLow()) {
            return true;
        }
        // Said before the second look: what is released after that look sees it.
        wanted = true;
        return isLow();
    }

    private boolean isLow() {
        long own = held.get();
        return own == 0 || own < HELD_BYTES_MAX && heldByAll.get() < HELD_BYTES_ALL_MAX;
    }

    @Override
    public void write(WatchAnswer answer) {
        synchronized (this) {
            if (closed) {
                return;
            }
            int bytes = answer.frameBytes();
            held.addAndGet(bytes);
            heldByAll.addAndGet(bytes);
            answer.writeTo(bufferFor(bytes));
            messages++;
            events += answer.events();
            if (drainIsDue) {
                return;
            }
            drainIsDue = true;
        }
        try {
            exit.execute(this::drain);
        } catch (RejectedExecutionException stopped) {
            // The event loops have ended, and with them the connection.
            close();
        }
    }

    private ByteBuf bufferFor(int bytes) {
        ByteBuf last = gathered.peekLast();
        if (last != null && last.writableBytes() >= bytes) {
            return last;
        }
        int size = Math.max(bytes, last == null ? FIRST_BUFFER_BYTES : BUFFER_BYTES);
        ByteBuf next = exit.buffers().directBuffer(size, size);
        gathered.add(next);
        return next;
    }

    private void drain() {
        long began = System.nanoTime();
        Deque<ByteBuf> taken;
        long takenMessages;
        long takenEvents;
        synchronized (this) {
            taken = gathered;
            takenMessages = messages;
            takenEvents = events;
            messages = 0;
            events = 0;
            gathered = new ArrayDeque<>(taken.size());
            drainIsDue = false;
        }
        long sentBytes = -takenMessages * WatchAnswer.PREFIX_BYTES;
        for (@Nullable ByteBuf each = taken.poll(); each != null; each = taken.poll()) {
            int bytes = each.readableBytes();
            sentBytes += bytes;
            exit.write(each, _ -> release(bytes));
        }
        exit.flush();
        listener.sent(takenMessages, takenEvents, sentBytes, System.nanoTime() - began);
    }

    private void release(long bytes) {
        heldByAll.addAndGet(-bytes);
        if (held.addAndGet(-bytes) <= HELD_BYTES_MAX / 2 && wanted) {
            wanted = false;
            room.run();
        }
    }

    @Override
    public void ready() {
        // What gRPC is ready for is not what goes past it.
    }

    @Override
    public void close() {
        Deque<ByteBuf> dropped;
        synchronized (this) {
            closed = true;
            dropped = gathered;
            gathered = new ArrayDeque<>(0);
        }
        for (@Nullable ByteBuf each = dropped.poll(); each != null; each = dropped.poll()) {
            int bytes = each.readableBytes();
            each.release();
            held.addAndGet(-bytes);
            heldByAll.addAndGet(-bytes);
        }
    }
}
