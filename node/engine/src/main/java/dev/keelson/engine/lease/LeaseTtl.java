package dev.keelson.engine.lease;

import java.util.List;

/**
 * How long a lease has still to live.
 *
 * @param remainingSeconds whole seconds until it expires; -1 when there is no such lease
 * @param grantedSeconds what it was granted for; 0 when there is no such lease
 * @param keys the keys it holds, in their order, if they were asked for
 */
public record LeaseTtl(long id, long remainingSeconds, long grantedSeconds, List<byte[]> keys) {

    private static final long MISSING = -1;

    static LeaseTtl missing(long id) {
        return new LeaseTtl(id, MISSING, 0, List.of());
    }

    public boolean exists() {
        return remainingSeconds != MISSING;
    }
}
