package dev.keelson.mvcc;

import org.jspecify.annotations.Nullable;

/**
 * The keys of {@code [lo, hi)}, as etcd's pair of key and range end means them.
 *
 * @param hi null for the end of the key space
 * @param single whether only {@code lo} is meant
 */
record KeyRange(byte[] lo, byte @Nullable [] hi, boolean single) {

    static KeyRange of(byte[] key, byte[] rangeEnd) {
        if (rangeEnd.length == 0) {
            byte[] next = java.util.Arrays.copyOf(key, key.length + 1);
            return new KeyRange(key, next, true);
        }
        boolean open = rangeEnd.length == 1 && rangeEnd[0] == 0;
        return new KeyRange(key, open ? null : rangeEnd, false);
    }
}
