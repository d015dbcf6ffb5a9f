package dev.keelson.mvcc.lease;

/**
 * A lease in the hands of a leader.
 *
 * <p>Its life begins anew with each renewal, but the moment that it counts from is known only at the next tick: until then
 * it is <em>starting</em> and cannot run out.
 *
 * <p>Thread rule: under the lock of its {@link Lessor}.
 */
final class HeldLease {

    static final long NEVER = Long.MAX_VALUE;

    final long id;

    /** Tells it from another one that was given the same id later. */
    final long grantIndex;

    final long ttlMillis;

    /** What it has to live from the next tick on, while it is starting. */
    long lifeMillis;

    /** Whether its start waits for the next tick. */
    boolean starting;

    /** Whether it was read from the store at a change of leader and nobody has renewed it since. */
    boolean inherited;

    /** When it is due; moves forward only. */
    long deadlineMillis = Long.MIN_VALUE;

    /** When what is left of it is noted down next. */
    long checkpointMillis = NEVER;

    /** Whether its end is decided: there is no way back within this leader's term. */
    boolean expiring;

    /** How often what is left of it was noted down, and up to which of these a renewal has taken it back. */
    long checkpoints;

    long checkpointsCleared;

    /** When the queue looks at it next: never later than it has to, often earlier. */
    long queuedMillis;

    int queueIndex = DueQueue.NOWHERE;

    HeldLease(long id, long grantIndex, long ttlMillis) {
        this.id = id;
        this.grantIndex = grantIndex;
        this.ttlMillis = ttlMillis;
    }

    /** Whether a note of what is left of it stands that no renewal has taken back. */
    boolean isNoted() {
        return checkpoints > checkpointsCleared;
    }

    long nextMillis() {
        return Math.min(deadlineMillis, checkpointMillis);
    }
}
