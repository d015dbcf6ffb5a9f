package dev.keelson.mvcc.backend;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend of sorted maps, for simulations and tests.
 *
 * <p>The maps never change, a write replaces them; so a snapshot, a checkpoint and every state that a crash may fall back
 * to cost nothing to keep. Arrays go in and out without a copy: whoever writes to one breaks the store, and is wrong on any
 * backend.
 *
 * <p>Thread rule: as {@link Backend}.
 */
public final class InMemoryBackend implements Backend {

    /** After a crash: the last flush and what was written since, oldest first; the newest state comes last. */
    private final Deque<Rows> states = new ArrayDeque<>();

    private volatile Rows newest;

    /** The maps of all families after one write. */
    private record Rows(SortedRows[] families) implements Snapshot {

        static Rows empty() {
            var families = new SortedRows[Family.values().length];
            Arrays.fill(families, SortedRows.EMPTY);
            return new Rows(families);
        }

        private SortedRows rows(Family family) {
            return families[family.ordinal()];
        }

        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            return rows(family).get(key);
        }

        @Override
        public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
            return rows(family).ascend(lo, hi);
        }

        @Override
        public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
            return rows(family).descend(lo, hi);
        }

        @Override
        public void close() {}
    }

    /** An empty backend. */
    public InMemoryBackend() {
        this(Rows.empty());
    }

    private InMemoryBackend(Rows rows) {
        this.newest = rows;
        states.add(rows);
    }

    @Override
    public synchronized void write(Consumer<Mutations> batch) {
        SortedRows[] families = newest.families().clone();
        batch.accept(new Mutations() {
            @Override
            public void put(Family family, byte[] key, byte[] value) {
                families[family.ordinal()] = families[family.ordinal()].with(key, value);
            }

            @Override
            public void delete(Family family, byte[] key) {
                families[family.ordinal()] = families[family.ordinal()].without(key);
            }
        });
        newest = new Rows(families);
        states.add(newest);
    }

    @Override
    public Snapshot snapshot() {
        return newest;
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return newest.get(family, key);
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        return newest.ascend(family, lo, hi);
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        return newest.descend(family, lo, hi);
    }

    @Override
    public synchronized void flush() {
        states.clear();
        states.add(newest);
    }

    /** How many writes a crash may lose. */
    public synchronized int unflushedWrites() {
        return states.size() - 1;
    }

    /** A row as a crash that loses all that is not flushed would leave it. */
    public synchronized byte @Nullable [] durable(Family family, byte[] key) {
        return states.getFirst().get(family, key);
    }

    /** What a restart finds after a crash that loses the last {@code lost} unflushed writes; this one stays as it is. */
    public synchronized InMemoryBackend crash(int lost) {
        if (lost < 0 || lost > unflushedWrites()) {
            throw new IllegalArgumentException(
                    "a crash cannot lose " + lost + " writes: " + unflushedWrites() + " are not flushed");
        }
        Iterator<Rows> newestFirst = states.descendingIterator();
        Rows left = newestFirst.next();
        for (int i = 0; i < lost; i++) {
            left = newestFirst.next();
        }
        return new InMemoryBackend(left);
    }

    /** A backend of its own that holds what this one holds now, durably: a checkpoint. */
    public synchronized InMemoryBackend copy() {
        return new InMemoryBackend(newest);
    }

    @Override
    public void close() {}
}
