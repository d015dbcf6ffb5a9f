package dev.keelson.mvcc.key;

import dev.keelson.mvcc.KeyValue;

/**
 * The value of a {@code HISTORY} row: the protobuf form of {@code mvccpb.KeyValue} as etcd writes it, fields in the order
 * of their numbers, zeros left out.
 */
public final class HistoryValue {

    private static final int KEY = 1;
    private static final int CREATE_REVISION = 2;
    private static final int MOD_REVISION = 3;
    private static final int VERSION = 4;
    private static final int VALUE = 5;
    private static final int LEASE = 6;

    private static final int WIRE_NUMBER = 0;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_TYPE_BITS = 3;
    private static final int NUMBER_BITS = 7;
    private static final byte[] NOTHING = new byte[0];

    private HistoryValue() {}

    public static byte[] encode(KeyValue kv) {
        byte[] out = new byte[size(kv)];
        int at = putBytes(out, 0, KEY, kv.key());
        at = putNumber(out, at, CREATE_REVISION, kv.createRevision());
        at = putNumber(out, at, MOD_REVISION, kv.modRevision());
        at = putNumber(out, at, VERSION, kv.version());
        at = putBytes(out, at, VALUE, kv.value());
        putNumber(out, at, LEASE, kv.lease());
        return out;
    }

    /** What a delete leaves: the key alone. */
    public static byte[] encodeTombstone(byte[] key) {
        return encode(new KeyValue(key, 0, 0, 0, NOTHING, 0));
    }

    private static int size(KeyValue kv) {
        return bytesSize(kv.key())
                + numberSize(kv.createRevision())
                + numberSize(kv.modRevision())
                + numberSize(kv.version())
                + bytesSize(kv.value())
                + numberSize(kv.lease());
    }

    private static int bytesSize(byte[] value) {
        return value.length == 0 ? 0 : 1 + varintSize(value.length) + value.length;
    }

    private static int numberSize(long value) {
        return value == 0 ? 0 : 1 + varintSize(value);
    }

    private static int varintSize(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        return (bits + NUMBER_BITS - 1) / NUMBER_BITS;
    }

    private static int putBytes(byte[] out, int at, int field, byte[] value) {
        if (value.length == 0) {
            return at;
        }
        out[at] = (byte) (field << WIRE_TYPE_BITS | WIRE_BYTES);
        int next = putVarint(out, at + 1, value.length);
        System.arraycopy(value, 0, out, next, value.length);
        return next + value.length;
    }

    private static int putNumber(byte[] out, int at, int field, long value) {
        if (value == 0) {
            return at;
        }
        out[at] = (byte) (field << WIRE_TYPE_BITS | WIRE_NUMBER);
        return putVarint(out, at + 1, value);
    }

    private static int putVarint(byte[] out, int at, long value) {
        int next = at;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out[next++] = (byte) (rest | 0x80);
            rest >>>= NUMBER_BITS;
        }
        out[next++] = (byte) rest;
        return next;
    }

    public static KeyValue decode(byte[] bytes) {
        return new Decoder(bytes).decode();
    }

    private static final class Decoder {
        private final byte[] bytes;
        private int at;

        Decoder(byte[] bytes) {
            this.bytes = bytes;
        }

        KeyValue decode() {
            byte[] key = NOTHING;
            byte[] value = NOTHING;
            long[] numbers = new long[LEASE + 1];
            while (at < bytes.length) {
                int tag = bytes[at++];
                int field = tag >>> WIRE_TYPE_BITS;
                switch (field) {
                    case KEY -> key = string();
                    case VALUE -> value = string();
                    case CREATE_REVISION, MOD_REVISION, VERSION, LEASE -> numbers[field] = varint();
                    default -> throw new IllegalArgumentException("field " + field + " in a row of the history");
                }
            }
            return new KeyValue(
                    key, numbers[CREATE_REVISION], numbers[MOD_REVISION], numbers[VERSION], value, numbers[LEASE]);
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; ; shift += NUMBER_BITS) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        private byte[] string() {
            int length = (int) varint();
            byte[] value = new byte[length];
            System.arraycopy(bytes, at, value, 0, length);
            at += length;
            return value;
        }
    }
}
