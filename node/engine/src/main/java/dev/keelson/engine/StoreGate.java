package dev.keelson.engine;

import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The door to the store, closed while a snapshot takes the store's place.
 *
 * <p>A reader enters, reads and leaves; while the door is closed readers wait outside, and whoever closed it is told when
 * the last one inside has left. Without it a reader could look into native memory of a store that is being closed.
 *
 * <p>How many are inside and whether the door is closed is one number, since two could not be looked at together: a
 * reader that left as the last one and looked at the door only when others had come in and it had been closed after them,
 * would take their store away.
 *
 * <p>Thread rule: {@link #use} and {@link #tryUse} from any thread; {@link #close} and {@link #open} by the one who replaces the store.
 */
public final class StoreGate {

    /** Set while the door is closed; the bits below it count those inside. */
    private static final int CLOSED = 1 << 30;

    private static final Runnable NOTHING = () -> {};

    private final AtomicInteger door = new AtomicInteger();
    private final Queue<Consumer<MvccStore>> outside = new ConcurrentLinkedQueue<>();
    private volatile Runnable whenEmpty = NOTHING;
    private volatile MvccStore store;

    StoreGate(MvccStore store) {
        this.store = store;
    }

    /** Runs {@code reader} now, or, while the door is closed, when it opens again (on the thread that opens it). */
    public void use(Consumer<MvccStore> reader) {
        if (tryUse(reader)) {
            return;
        }
        outside.add(reader);
        // Looked at again: had the door opened just before the reader was added, nobody would have let it in.
        letIn();
    }

    /** Runs {@code reader} now; false, with nothing run, while the door is closed. */
    public boolean tryUse(Consumer<MvccStore> reader) {
        if (!enter()) {
            return false;
        }
        try {
            reader.accept(store);
            return true;
        } finally {
            leave();
        }
    }

    private boolean enter() {
        for (int seen = door.get(); seen < CLOSED; seen = door.get()) {
            if (door.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }

    private void leave() {
        if (door.decrementAndGet() == CLOSED) {
            whenEmpty.run();
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

    /** Lets nobody in any more and runs {@code empty} once when nobody is inside. */
    public void close(Runnable empty) {
        whenEmpty = empty;
        if (door.getAndAdd(CLOSED) == 0) {
            empty.run();
        }
    }

    /** Opens the door to the store that took the place. */
    public void open(MvccStore replacement) {
        Invariant.check(door.get() == CLOSED, "the door opens while it is not closed, or while somebody is inside");
        store = replacement;
        whenEmpty = NOTHING;
        door.set(0);
        letIn();
    }

    private void letIn() {
        while (!outside.isEmpty() && enter()) {
            try {
                Consumer<MvccStore> next = outside.poll();
                if (next != null) {
                    next.accept(store);
                }
            } finally {
                leave();
            }
        }
    }
}
