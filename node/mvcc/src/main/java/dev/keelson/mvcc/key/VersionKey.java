package dev.keelson.mvcc.key;

import java.util.Arrays;

/**
 * The keys of VERSIONS: the user key, escaped so that no key is a prefix of another, and the inverted revision, so that
 * the newest of a key comes first.
 *
 * <p>A zero byte becomes 00 FF and the end is 00 01: escaped keys sort as the keys do, and all rows of one key lie
 * between its prefix ending in 01 and the same ending in 02.
 */
public final class VersionKey {

    private static final byte ESCAPED_ZERO = (byte) 0xFF;
    private static final byte END = 1;
    private static final int END_BYTES = 2;
    private static final int REVISION_BYTES = Long.BYTES + Integer.BYTES;
    private static final byte[] TOMBSTONE = {1};
    private static final byte[] PUT = {};

    private VersionKey() {}

    public static byte[] of(byte[] key, long main, long sub) {
        byte[] row = escape(key, REVISION_BYTES);
        BigEndian.putLong(row, row.length - REVISION_BYTES, ~main);
        BigEndian.putInt(row, row.length - Integer.BYTES, ~Math.toIntExact(sub));
        return row;
    }

    /** Where the versions of a key begin that are not newer than a revision. */
    public static byte[] newestAt(byte[] key, long revision) {
        return of(key, revision, Integer.MAX_VALUE);
    }

    /** The lower bound of all versions of a key; also the upper bound of the versions of all keys before it. */
    public static byte[] lo(byte[] key) {
        return escape(key, 0);
    }

    /** The upper bound of the versions of one key. */
    public static byte[] hi(byte[] key) {
        byte[] bound = escape(key, 0);
        bound[bound.length - 1]++;
        return bound;
    }

    /** The upper bound of the versions of the key that a row belongs to. */
    public static byte[] hiOfRow(byte[] row) {
        byte[] bound = Arrays.copyOf(row, row.length - REVISION_BYTES);
        bound[bound.length - 1]++;
        return bound;
    }

    /** As {@link #newestAt} for the key that a row belongs to. */
    public static byte[] newestAtOfRow(byte[] row, long revision) {
        byte[] bound = row.clone();
        BigEndian.putLong(bound, row.length - REVISION_BYTES, ~revision);
        BigEndian.putInt(bound, row.length - Integer.BYTES, ~Integer.MAX_VALUE);
        return bound;
    }

    public static long main(byte[] row) {
        return ~BigEndian.getLong(row, row.length - REVISION_BYTES);
    }

    public static long sub(byte[] row) {
        return ~BigEndian.getInt(row, row.length - Integer.BYTES);
    }

    /** The value of a row. */
    public static byte[] flag(boolean tombstone) {
        return tombstone ? TOMBSTONE : PUT;
    }

    public static boolean isTombstone(byte[] flag) {
        return flag.length != 0;
    }

    private static byte[] escape(byte[] key, int spare) {
        int zeros = 0;
        for (byte b : key) {
            if (b == 0) {
                zeros++;
            }
        }
        byte[] escaped = new byte[key.length + zeros + END_BYTES + spare];
        int at = 0;
        if (zeros == 0) {
            System.arraycopy(key, 0, escaped, 0, key.length);
            at = key.length;
        } else {
            for (byte b : key) {
                escaped[at++] = b;
                if (b == 0) {
                    escaped[at++] = ESCAPED_ZERO;
                }
            }
        }
        escaped[at + 1] = END;
        return escaped;
    }
}
