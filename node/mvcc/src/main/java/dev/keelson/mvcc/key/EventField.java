package dev.keelson.mvcc.key;

import org.jspecify.annotations.Nullable;

/**
 * A change as one {@code events} field of etcd's {@code WatchResponse}: tag, length, and an {@code mvccpb.Event} as Go's
 * protobuf writes it.
 */
public final class EventField {

    private static final int EVENTS_TAG = 11 << 3 | 2;
    private static final int TYPE_TAG = 1 << 3;
    private static final int KV_TAG = 2 << 3 | 2;
    private static final int PREV_KV_TAG = 3 << 3 | 2;
    private static final int DELETE = 1;
    private static final int TYPE_BYTES = 2;
    private static final byte[] EMPTY = {};

    private EventField() {}

    /**
     * @param kv the key as the put left it, as {@link HistoryRow} writes it
     * @param formerKv what it was before, in the same form, or null to leave that out
     */
    public static byte[] ofPut(byte[] kv, byte @Nullable [] formerKv) {
        return write(false, kv, formerKv);
    }

    /** @param formerKv as in {@link #ofPut} */
    public static byte[] ofDelete(byte[] key, long revision, byte @Nullable [] formerKv) {
        return write(true, new HistoryRow(key, 0, revision, 0, EMPTY, 0).write(), formerKv);
    }

    private static byte[] write(boolean deleted, byte[] kv, byte @Nullable [] formerKv) {
        int size = (deleted ? TYPE_BYTES : 0) + size(kv) + (formerKv == null ? 0 : size(formerKv));
        byte[] field = new byte[1 + Varint.size(size) + size];
        field[0] = EVENTS_TAG;
        int at = Varint.put(field, 1, size);
        if (deleted) {
            field[at++] = TYPE_TAG;
            field[at++] = DELETE;
        }
        at = put(field, at, KV_TAG, kv);
        if (formerKv != null) {
            put(field, at, PREV_KV_TAG, formerKv);
        }
        return field;
    }

    private static int size(byte[] message) {
        return 1 + Varint.size(message.length) + message.length;
    }

    private static int put(byte[] field, int offset, int tag, byte[] message) {
        field[offset] = (byte) tag;
        int at = Varint.put(field, offset + 1, message.length);
        System.arraycopy(message, 0, field, at, message.length);
        return at + message.length;
    }
}
