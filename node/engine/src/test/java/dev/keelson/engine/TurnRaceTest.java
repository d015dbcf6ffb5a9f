package dev.keelson.engine;

import dev.keelson.mvcc.Invariant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every order in which items come to a worker's queue while it works, as far as a few threads can go. */
@Tag("race")
class TurnRaceTest {

    private static final int SCENARIOS = 8;
    private static final int ORDERS_PER_SCENARIO = 400;

    @Test
    void noItemWaitsWithoutATurnThatIsDueAndNoTwoTurnsAreDue() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(SCENARIOS)
                .invocationsPerIteration(ORDERS_PER_SCENARIO)
                .check(Work.class);
    }

    /** A queue, and a worker who empties it in his turns. */
    public static class Work {

        private final Queue<Runnable> units = new ConcurrentLinkedQueue<>();
        private final Queue<String> items = new ConcurrentLinkedQueue<>();
        private final Turn turn = new Turn(units::add, this::takeAll);

        private void takeAll() {
            String item;
            do {
                item = items.poll();
            } while (item != null);
        }

        @Operation
        public void come() {
            items.add("item");
            turn.request();
        }

        @Operation(nonParallelGroup = "worker")
        public void work() {
            Runnable unit = units.poll();
            if (unit != null) {
                unit.run();
            }
        }

        @Validate
        public void nothingIsForgotten() {
            Invariant.check(units.size() <= 1, "two turns are due");
            Invariant.check(items.isEmpty() || !units.isEmpty(), "an item waits and no turn is due");
        }
    }
}
