package dev.keelson.mvcc.key;

import java.util.Arrays;

/**
 * The rows of KEYS: what the newest revision of a live key is. Five varints, then the value to the end of the row.
 *
 * @param row the whole row; the value is copied out of it only when it is asked for
 */
public record LiveRow(
        long createRevision, long modRevision, long sub, long version, long lease, byte[] row, int valueOffset) {

    public static byte[] write(Position position, long lease, byte[] value) {
        int offset = Varint.size(position.createRevision)
                + Varint.size(position.modRevision)
                + Varint.size(position.sub)
                + Varint.size(position.version)
                + Varint.size(lease);
        byte[] row = new byte[offset + value.length];
        int at = Varint.put(row, 0, position.createRevision);
        at = Varint.put(row, at, position.modRevision);
        at = Varint.put(row, at, position.sub);
        at = Varint.put(row, at, position.version);
        Varint.put(row, at, lease);
        System.arraycopy(value, 0, row, offset, value.length);
        return row;
    }

    public static LiveRow read(byte[] row) {
        var source = new Varint.Source(row);
        return new LiveRow(
                source.next(), source.next(), source.next(), source.next(), source.next(), row, source.offset());
    }

    public byte[] value() {
        return Arrays.copyOfRange(row, valueOffset, row.length);
    }

    /** Compares the value, as unsigned bytes, with another one. */
    public int compareValue(byte[] other) {
        return Arrays.compareUnsigned(row, valueOffset, row.length, other, 0, other.length);
    }

    /** Where a write stands in the history of the store and of its key. */
    public record Position(long createRevision, long modRevision, long sub, long version) {}
}
