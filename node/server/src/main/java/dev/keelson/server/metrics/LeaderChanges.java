package dev.keelson.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the leaders that a member sees come.
 *
 * <p>Thread rule: {@link #leaderIs} by one thread, {@link #count} by any.
 */
public final class LeaderChanges {

    private final LongAdder changes = new LongAdder();
    private long last;

    /** @param leader whoever leads now; 0 for nobody, which is no change yet */
    public void leaderIs(long leader) {
        if (leader != 0 && leader != last) {
            last = leader;
            changes.increment();
        }
    }

    long count() {
        return changes.sum();
    }
}
