package dev.keelson.server.peer;

import java.util.concurrent.TimeUnit;

/**
 * When to say that a peer cannot be reached: not at once, since members start one after the other, and then ever more
 * seldom, since it is tried again many times a minute.
 *
 * <p>Thread rule: one thread.
 */
final class OutageReports {

    static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long PAUSE_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    private boolean underWay;
    private long dueNanos;
    private long pauseNanos;

    /** One more attempt has failed; true when that is to be said. */
    boolean failed(long nowNanos) {
        if (!underWay) {
            underWay = true;
            pauseNanos = FIRST_NANOS;
            dueNanos = nowNanos + pauseNanos;
            return false;
        }
        if (nowNanos - dueNanos < 0) {
            return false;
        }
        pauseNanos = Math.min(pauseNanos * 2, PAUSE_NANOS_MAX);
        dueNanos = nowNanos + pauseNanos;
        return true;
    }

    /** The peer is reached. */
    void over() {
        underWay = false;
    }
}
