package dev.keelson.mvcc.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Hands out moments so that no second gets more than its share: what a new leader inherits would else fall due at once,
 * as all of it was granted one time-out more.
 *
 * <p>A full second knows which one to try instead, and that knowledge is shortened whenever it is used; so a million
 * leases that want the same second cost a few steps each.
 *
 * <p>Thread rule: under the lock of its {@link Lessor}.
 */
final class ExpirySpread {

    /** Leases that may fall due in one second (as etcd). */
    static final int PER_SECOND_MAX = 750;

    private static final long SECOND_MILLIS = 1_000;

    private final Map<Long, Second> seconds = new HashMap<>();

    private static final class Second {
        int taken;
        /** When it is full: the second to try instead. */
        long next;
    }

    /** The first moment at or after {@code wantedMillis} in a second that has room. */
    long place(long wantedMillis) {
        long wanted = Math.floorDiv(wantedMillis, SECOND_MILLIS);
        long free = firstFree(wanted);
        Second second = seconds.computeIfAbsent(free, _ -> new Second());
        second.taken++;
        if (second.taken == PER_SECOND_MAX) {
            second.next = free + 1;
        }
        // The same place within the later second, so that they do not gather at its beginning.
        return wantedMillis + (free - wanted) * SECOND_MILLIS;
    }

    /** Forgets what it has handed out. */
    void clear() {
        seconds.clear();
    }

    private long firstFree(long wanted) {
        long free = wanted;
        for (long next = nextOf(free); next != free; next = nextOf(free)) {
            free = next;
        }
        for (long at = wanted; at != free; ) {
            Second full = Objects.requireNonNull(seconds.get(at));
            at = full.next;
            full.next = free;
        }
        return free;
    }

    /** The second itself while it has room. */
    private long nextOf(long second) {
        Second found = seconds.get(second);
        return found == null || found.taken < PER_SECOND_MAX ? second : found.next;
    }
}
