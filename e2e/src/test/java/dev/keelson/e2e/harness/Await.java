package dev.keelson.e2e.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions. */
public final class Await {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Await() {}

    /** Returns when the condition holds; fails with {@code what} when it does not in time. */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        until(what, atMost, LOOK_EVERY, condition);
    }

    /** The same for a condition that costs too much to be looked at all the time. */
    public static void until(String what, Duration atMost, Duration lookEvery, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + atMost.toMillis() + " ms: " + what);
            }
            LockSupport.parkNanos(lookEvery.toNanos());
        }
    }

    /** Lets a fault last: returns when that much time has passed. */
    public static void passing(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        until("time passes", time.plusSeconds(5), () -> System.nanoTime() >= end);
    }
}
