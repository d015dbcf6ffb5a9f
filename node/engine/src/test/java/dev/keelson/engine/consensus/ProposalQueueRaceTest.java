package dev.keelson.engine.consensus;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every order in which clients, the consensus worker and the apply worker use the queue, as far as a few threads can go. */
@Tag("race")
class ProposalQueueRaceTest {

    private static final int SCENARIOS = 8;
    private static final int ORDERS_PER_SCENARIO = 250;

    @Test
    void everyRequestIsAnsweredOnceAndNoneThatWaitsIsForgotten() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(SCENARIOS)
                .invocationsPerIteration(ORDERS_PER_SCENARIO)
                .check(Node.class);
    }

    /** The queue with those who use it; every request is due at once, and the log is whatever was drained. */
    public static class Node {

        private static final int REQUESTS_MAX = 16;

        private final ProposalQueue queue = new ProposalQueue(EngineProbe.NONE);
        private final AtomicInteger offered = new AtomicInteger();
        private final AtomicIntegerArray answers = new AtomicIntegerArray(REQUESTS_MAX);
        private final AtomicIntegerArray proposed = new AtomicIntegerArray(REQUESTS_MAX);

        @Operation
        public void offer() {
            int id = offered.getAndIncrement();
            queue.offer(id, new byte[1], 1, new Reply<>() {
                @Override
                public void succeed(Object result) {
                    answers.incrementAndGet(id);
                }

                @Override
                public void fail(StoreException error) {
                    answers.incrementAndGet(id);
                }
            });
        }

        @Operation(nonParallelGroup = "consensus")
        public void propose() {
            queue.drain(Long.MAX_VALUE).forEach(each -> proposed.incrementAndGet((int) each.requestId()));
        }

        @Operation(nonParallelGroup = "consensus")
        public void expire() {
            queue.expire(1);
        }

        @Operation(nonParallelGroup = "apply")
        public void apply() {
            for (int id = 0; id < offered.get(); id++) {
                Proposal<?> mine = proposed.get(id) == 0 ? null : queue.take(id);
                if (mine != null) {
                    mine.succeed(id);
                }
            }
        }

        @Operation
        public void leaderIsLost() {
            queue.failAll(StoreError.TIMEOUT_LEADER_FAILURE);
        }

        @Validate
        public void everyRequestWaitsOrIsAnswered() {
            propose();
            for (int id = 0; id < offered.get(); id++) {
                boolean waits = queue.isPending(id);
                Invariant.check(answers.get(id) == (waits ? 0 : 1), "answered not once");
                Invariant.check(!waits || proposed.get(id) == 1, "waits and was not proposed once");
            }
        }
    }
}
