package dev.keelson.mvcc.key;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The keys of LEASES and LEASE_KEYS: the lease id in eight bytes, big-endian; with the user key behind it. */
public final class LeaseKey {

    private LeaseKey() {}

    public static byte[] of(long lease) {
        byte[] row = new byte[Long.BYTES];
        BigEndian.putLong(row, 0, lease);
        return row;
    }

    public static byte[] of(long lease, byte[] key) {
        byte[] row = new byte[Long.BYTES + key.length];
        BigEndian.putLong(row, 0, lease);
        System.arraycopy(key, 0, row, Long.BYTES, key.length);
        return row;
    }

    /** The upper bound of what a lease holds; null for the end of the family. */
    public static byte @Nullable [] hi(long lease) {
        return lease == -1 ? null : of(lease + 1);
    }

    /** The user key of a row of LEASE_KEYS. */
    public static byte[] userKey(byte[] row) {
        return Arrays.copyOfRange(row, Long.BYTES, row.length);
    }
}
