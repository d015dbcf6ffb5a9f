package dev.keelson.mvcc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a request names.
 *
 * @param hi exclusive end, or null for none
 * @param single the range is the one key {@code lo}; {@code hi} is null then
 */
public record KeyRange(byte[] lo, byte @Nullable [] hi, boolean single) {

    /** Reads etcd's way of writing a range: no end is the single key, one zero byte is "from the key on". */
    public static KeyRange of(byte[] key, byte[] rangeEnd) {
        if (rangeEnd.length == 0) {
            return new KeyRange(key, null, true);
        }
        return new KeyRange(key, isOpen(rangeEnd) ? null : rangeEnd, false);
    }

    private static boolean isOpen(byte[] rangeEnd) {
        return rangeEnd.length == 1 && rangeEnd[0] == 0;
    }

    /** Whether no key can be in it. */
    public boolean isEmpty() {
        return hi != null && Arrays.compareUnsigned(lo, hi) >= 0;
    }
}
