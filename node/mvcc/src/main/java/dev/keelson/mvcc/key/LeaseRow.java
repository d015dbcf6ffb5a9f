package dev.keelson.mvcc.key;

/**
 * The rows of LEASES: {@code leasepb.Lease} as Go's protobuf writes it, as in etcd's {@code lease} bucket, and one field of
 * our own behind it that etcd skips.
 *
 * @param ttlSeconds what it was granted for
 * @param remainingSeconds what was left of that when it was last noted down; 0 when it is the whole of it
 * @param grantIndex the place in the log of its grant: tells it from another one that was given the same id later
 */
public record LeaseRow(long id, long ttlSeconds, long remainingSeconds, long grantIndex) {

    private static final int ID_TAG = 1 << 3;
    private static final int TTL_TAG = 2 << 3;
    private static final int REMAINING_TAG = 3 << 3;

    /** A number that etcd is unlikely to give to a field of its own soon, of one byte still. */
    private static final int GRANT_INDEX_TAG = 15 << 3;

    public byte[] write() {
        byte[] row = new byte[size(id) + size(ttlSeconds) + size(remainingSeconds) + size(grantIndex)];
        int at = put(row, 0, ID_TAG, id);
        at = put(row, at, TTL_TAG, ttlSeconds);
        at = put(row, at, REMAINING_TAG, remainingSeconds);
        put(row, at, GRANT_INDEX_TAG, grantIndex);
        return row;
    }

    private static int size(long number) {
        return number == 0 ? 0 : 1 + Varint.size(number);
    }

    private static int put(byte[] row, int offset, int tag, long number) {
        if (number == 0) {
            return offset;
        }
        row[offset] = (byte) tag;
        return Varint.put(row, offset + 1, number);
    }

    /** @throws IllegalArgumentException for bytes that {@link #write} does not make */
    public static LeaseRow read(byte[] row) {
        var source = new Varint.Source(row);
        long id = 0;
        long ttl = 0;
        long remaining = 0;
        long grantIndex = 0;
        while (source.hasMore()) {
            int tag = (int) source.next();
            switch (tag) {
                case ID_TAG -> id = source.next();
                case TTL_TAG -> ttl = source.next();
                case REMAINING_TAG -> remaining = source.next();
                case GRANT_INDEX_TAG -> grantIndex = source.next();
                default -> throw new IllegalArgumentException("lease row with the unknown field tag " + tag);
            }
        }
        return new LeaseRow(id, ttl, remaining, grantIndex);
    }

    /** The same lease with another rest of its time. */
    public LeaseRow withRemaining(long seconds) {
        return new LeaseRow(id, ttlSeconds, seconds, grantIndex);
    }

    /** What it lives from now on if nobody renews it, in seconds. */
    public long lifeSeconds() {
        return remainingSeconds > 0 ? remainingSeconds : ttlSeconds;
    }
}
