package dev.keelson.mvcc.key;

/**
 * The keys of HISTORY, byte for byte etcd's: main revision, an underscore, sub revision, and a {@code t} behind a
 * tombstone; numbers are eight bytes, big-endian.
 *
 * <p>Their byte order is the order of the revisions.
 */
public final class RevisionKey {

    static final int PUT_BYTES = 17;
    static final int TOMBSTONE_BYTES = 18;
    private static final int SUB_OFFSET = 9;
    private static final byte SEPARATOR = '_';
    private static final byte TOMBSTONE_MARK = 't';

    private RevisionKey() {}

    public static byte[] ofPut(long main, long sub) {
        return write(new byte[PUT_BYTES], main, sub);
    }

    public static byte[] ofTombstone(long main, long sub) {
        byte[] key = write(new byte[TOMBSTONE_BYTES], main, sub);
        key[PUT_BYTES] = TOMBSTONE_MARK;
        return key;
    }

    private static byte[] write(byte[] key, long main, long sub) {
        BigEndian.putLong(key, 0, main);
        key[Long.BYTES] = SEPARATOR;
        BigEndian.putLong(key, SUB_OFFSET, sub);
        return key;
    }

    public static long main(byte[] key) {
        return BigEndian.getLong(key, 0);
    }

    public static long sub(byte[] key) {
        return BigEndian.getLong(key, SUB_OFFSET);
    }

    public static boolean isTombstone(byte[] key) {
        return key.length == TOMBSTONE_BYTES;
    }
}
