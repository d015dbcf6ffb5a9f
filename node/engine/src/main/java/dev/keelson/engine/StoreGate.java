package dev.keelson.engine;

import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The door to the store, closed while a snapshot takes the store's place.
 *
 * <p>A reader enters, reads and leaves; while the door is closed readers wait outside, and whoever closed it is told when
 * the last one inside has left. Without it a reader could look into native memory of a store that is being closed.
 *
 * <p>Thread rule: {@link #use} and {@link #tryUse} from any thread; {@link #close} and {@link #open} by the one who replaces the store.
 */
public final class StoreGate {

    private final AtomicInteger inside = new AtomicInteger();
    private final Queue<Consumer<MvccStore>> outside = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Runnable> whenEmpty = new AtomicReference<>();
    private volatile MvccStore store;
    private volatile boolean closed;

    StoreGate(MvccStore store) {
        this.store = store;
    }

    /** Runs {@code reader} now, or, while the door is closed, when it opens again (on the thread that opens it). */
    public void use(Consumer<MvccStore> reader) {
        if (tryUse(reader)) {
            return;
        }
        outside.add(reader);
        if (!closed) {
            letIn();
        }
    }

    /** Runs {@code reader} now; false, with nothing run, while the door is closed. */
    public boolean tryUse(Consumer<MvccStore> reader) {
        inside.incrementAndGet();
        try {
            if (closed) {
                return false;
            }
            reader.accept(store);
            return true;
        } finally {
            leave();
        }
    }

    /** The store, for what needs no view of it: counters, and the apply worker's own batches. */
    public MvccStore store() {
        return store;
    }

    /** Reads the newest view, for the one who has not let anybody else in yet. */
    <T> T withView(Function<ReadView, T> read) {
        try (ReadView view = store.view()) {
            return read.apply(view);
        }
    }

    private void leave() {
        if (inside.decrementAndGet() == 0 && closed) {
            Runnable waiting = whenEmpty.getAndSet(null);
            if (waiting != null) {
                waiting.run();
            }
        }
    }

    /** Lets nobody in any more and runs {@code empty} once when nobody is inside. */
    public void close(Runnable empty) {
        whenEmpty.set(empty);
        inside.incrementAndGet();
        closed = true;
        leave();
    }

    /** Opens the door to the store that took the place. */
    public void open(MvccStore replacement) {
        store = replacement;
        closed = false;
        letIn();
    }

    private void letIn() {
        for (Consumer<MvccStore> next = outside.poll(); next != null; next = outside.poll()) {
            use(next);
        }
    }
}
