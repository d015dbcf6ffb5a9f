package dev.keelson.engine;

import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.backend.InMemoryBackend;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every order in which readers pass the door while others close and open it, as far as a few threads can go. */
@Tag("race")
class StoreGateRaceTest {

    private static final int SCENARIOS = 12;
    private static final int ORDERS_PER_SCENARIO = 3_000;

    @Test
    void nobodyReadsAStoreThatIsBeingReplaced() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(1)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(ORDERS_PER_SCENARIO)
                .minimizeFailedScenario(false)
                .check(Door.class);
    }

    /** A door, and readers who count themselves while they are inside. */
    public static class Door {

        private static final MvccStore STORE = MvccStore.open(new InMemoryBackend());

        private final StoreGate gate = new StoreGate(STORE);
        private final AtomicInteger reading = new AtomicInteger();
        private volatile boolean away;

        @Operation
        public void read() {
            gate.use(_ -> look());
        }

        @Operation
        public void tryToRead() {
            gate.tryUse(_ -> look());
        }

        private void look() {
            reading.incrementAndGet();
            Invariant.check(!away, "let in while the store is away");
            reading.decrementAndGet();
        }

        @Operation(nonParallelGroup = "replacer")
        public void replace() {
            gate.close(() -> {
                away = true;
                Invariant.check(reading.get() == 0, "the store is taken away from a reader");
                away = false;
                gate.open(STORE);
            });
        }
    }
}
