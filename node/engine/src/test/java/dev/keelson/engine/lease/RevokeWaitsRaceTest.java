package dev.keelson.engine.lease;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.StoreException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every order in which renewals begin to wait and hear what became of their leases, as far as a few threads can go. */
@Tag("race")
class RevokeWaitsRaceTest {

    private static final int SCENARIOS = 8;
    private static final int ORDERS_PER_SCENARIO = 150;

    @Test
    void everyRenewalHearsOneEndOrIsTakenBack() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(0)
                .iterations(SCENARIOS)
                .invocationsPerIteration(ORDERS_PER_SCENARIO)
                .check(Renewals.class);
    }

    /** Renewals of two leases; what becomes of one is counted, being taken back as well. */
    public static class Renewals {

        private static final int RENEWALS_MAX = 16;
        private static final long DEADLINE_TICK = 1;

        private final RevokeWaits waits = new RevokeWaits();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicIntegerArray ends = new AtomicIntegerArray(RENEWALS_MAX);

        private RevokeWaits.Wait begin() {
            int id = begun.getAndIncrement();
            return new RevokeWaits.Wait(id % 2, DEADLINE_TICK, new Reply<>() {
                @Override
                public void succeed(Long result) {
                    ends.incrementAndGet(id);
                }

                @Override
                public void fail(StoreException error) {
                    ends.incrementAndGet(id);
                }
            });
        }

        @Operation
        public void waitForTheEnd() {
            waits.add(begin());
        }

        @Operation
        public void waitAndTakeBack() {
            RevokeWaits.Wait wait = begin();
            waits.add(wait);
            if (waits.remove(wait)) {
                wait.reply().succeed(0L);
            }
        }

        @Operation
        public void evenLeaseIsRevoked() {
            waits.revoked(0);
        }

        @Operation
        public void timeIsOver() {
            waits.expire(DEADLINE_TICK);
        }

        @Validate
        public void afterTheEndOfTheTermNobodyWaits() {
            waits.demoted();
            for (int id = 0; id < begun.get(); id++) {
                Invariant.check(ends.get(id) == 1, "a renewal has not heard of one end");
            }
        }
    }
}
