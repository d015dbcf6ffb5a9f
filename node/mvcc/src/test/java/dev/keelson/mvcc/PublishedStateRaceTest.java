package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.backend.Snapshot;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every order in which readers take and give back views while a writer publishes, as far as a few threads can go. */
@Tag("race")
class PublishedStateRaceTest {

    private static final int SCENARIOS = 8;
    private static final int ORDERS_PER_SCENARIO = 200;

    @Test
    void aStateIsFreedOnceAndOnlyWhenNobodyHoldsIt() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(1)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(SCENARIOS)
                .invocationsPerIteration(ORDERS_PER_SCENARIO)
                .check(Readers.class);
    }

    /** A store, its readers and its writer. */
    public static class Readers {

        private final Pins pins = new Pins();
        private final MvccStore store = MvccStore.open(pins);

        @Operation
        public void read() {
            try (ReadView view = store.view()) {
                view.rows().get(Family.KEYS, Pins.KEY);
            }
        }

        @Operation(nonParallelGroup = "writer")
        public void write() {
            store.begin().commit();
        }

        @Validate
        public void onlyTheNewestIsPinned() {
            long pinned =
                    pins.taken.stream().filter(each -> each.closes.get() == 0).count();
            Invariant.check(pinned == 1, "not only the newest state is pinned");
            Invariant.check(store.openViews() == 0, "views are open that were closed");
        }
    }

    /** A backend without rows that knows who still holds what. */
    private static final class Pins implements Backend {

        static final byte[] KEY = {'k'};

        private final Queue<Pin> taken = new ConcurrentLinkedQueue<>();

        @Override
        public Snapshot snapshot() {
            var pin = new Pin();
            taken.add(pin);
            return pin;
        }

        @Override
        public void write(Consumer<Mutations> batch) {}

        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            return null;
        }

        @Override
        public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** A pinned state. */
    private static final class Pin implements Snapshot {

        private final AtomicInteger closes = new AtomicInteger();

        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            Invariant.check(closes.get() == 0, "a state is read that was freed");
            return null;
        }

        @Override
        public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            Invariant.check(closes.incrementAndGet() == 1, "a state is freed twice");
        }
    }
}
