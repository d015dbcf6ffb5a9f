package dev.keelson.engine.maintenance;

/**
 * Comes due once a period, first when a whole one has passed.
 *
 * <p>Thread rule: one thread.
 */
final class Rhythm {

    private static final long NEVER = Long.MIN_VALUE;

    private final long periodMillis;
    private long dueAtMillis = NEVER;

    /** @param periodMillis 0 or less for one that never comes due */
    Rhythm(long periodMillis) {
        this.periodMillis = periodMillis;
    }

    boolean isDue(long nowMillis) {
        if (periodMillis <= 0) {
            return false;
        }
        boolean due = dueAtMillis != NEVER && nowMillis >= dueAtMillis;
        if (due || dueAtMillis == NEVER) {
            dueAtMillis = nowMillis + periodMillis;
        }
        return due;
    }
}
