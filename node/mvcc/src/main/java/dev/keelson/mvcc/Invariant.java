package dev.keelson.mvcc;

import java.util.function.Supplier;

/** Checks that stay on in production: a store that finds its own state impossible stops rather than serve it. */
public final class Invariant {

    private Invariant() {}

    public static void check(boolean holds, String message) {
        if (!holds) {
            throw new InvariantViolation(message);
        }
    }

    /** For messages that cost something to build. */
    public static void check(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new InvariantViolation(message.get());
        }
    }
}
