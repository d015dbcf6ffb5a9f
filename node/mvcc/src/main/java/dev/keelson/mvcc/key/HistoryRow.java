package dev.keelson.mvcc.key;

/**
 * The rows of HISTORY: {@code mvccpb.KeyValue} as Go's protobuf writes it, fields in the order of their numbers and
 * those that are zero left out. HashKV runs over these bytes, so a byte more or less makes members disagree with etcd.
 * Of a tombstone only the key is there.
 */
public record HistoryRow(byte[] key, long createRevision, long modRevision, long version, byte[] value, long lease) {

    private static final byte[] EMPTY = {};
    private static final int KEY_TAG = 1 << 3 | 2;
    private static final int CREATE_TAG = 2 << 3;
    private static final int MOD_TAG = 3 << 3;
    private static final int VERSION_TAG = 4 << 3;
    private static final int VALUE_TAG = 5 << 3 | 2;
    private static final int LEASE_TAG = 6 << 3;

    public static HistoryRow ofTombstone(byte[] key) {
        return new HistoryRow(key, 0, 0, 0, EMPTY, 0);
    }

    private int size() {
        return size(key) + size(createRevision) + size(modRevision) + size(version) + size(value) + size(lease);
    }

    /** What the row takes as a field of another message, with its tag and its length. */
    public int fieldBytes() {
        int size = size();
        return 1 + Varint.size(size) + size;
    }

    public byte[] write() {
        byte[] row = new byte[size()];
        int at = put(row, 0, KEY_TAG, key);
        at = put(row, at, CREATE_TAG, createRevision);
        at = put(row, at, MOD_TAG, modRevision);
        at = put(row, at, VERSION_TAG, version);
        at = put(row, at, VALUE_TAG, value);
        put(row, at, LEASE_TAG, lease);
        return row;
    }

    private static int size(byte[] bytes) {
        return bytes.length == 0 ? 0 : 1 + Varint.size(bytes.length) + bytes.length;
    }

    private static int size(long number) {
        return number == 0 ? 0 : 1 + Varint.size(number);
    }

    private static int put(byte[] row, int offset, int tag, byte[] bytes) {
        if (bytes.length == 0) {
            return offset;
        }
        row[offset] = (byte) tag;
        int at = Varint.put(row, offset + 1, bytes.length);
        System.arraycopy(bytes, 0, row, at, bytes.length);
        return at + bytes.length;
    }

    private static int put(byte[] row, int offset, int tag, long number) {
        if (number == 0) {
            return offset;
        }
        row[offset] = (byte) tag;
        return Varint.put(row, offset + 1, number);
    }

    /** The key of a row, without a look at the rest of it. */
    public static byte[] keyOf(byte[] row) {
        var source = new Varint.Source(row);
        return source.hasMore() && source.next() == KEY_TAG ? source.nextBytes() : EMPTY;
    }

    /** @throws IllegalArgumentException for bytes that {@link #write} does not make */
    public static HistoryRow read(byte[] row) {
        var source = new Varint.Source(row);
        byte[] key = EMPTY;
        byte[] value = EMPTY;
        long create = 0;
        long mod = 0;
        long version = 0;
        long lease = 0;
        while (source.hasMore()) {
            int tag = (int) source.next();
            switch (tag) {
                case KEY_TAG -> key = source.nextBytes();
                case CREATE_TAG -> create = source.next();
                case MOD_TAG -> mod = source.next();
                case VERSION_TAG -> version = source.next();
                case VALUE_TAG -> value = source.nextBytes();
                case LEASE_TAG -> lease = source.next();
                default -> throw new IllegalArgumentException("history row with the unknown field tag " + tag);
            }
        }
        return new HistoryRow(key, create, mod, version, value, lease);
    }
}
