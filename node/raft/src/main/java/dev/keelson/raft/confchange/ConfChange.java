package dev.keelson.raft.confchange;

import java.nio.ByteBuffer;

/**
 * A change of one member of the configuration.
 *
 * @param context what the node needs beside; opaque here
 */
public record ConfChange(Kind kind, long id, byte[] context) {

    /** What happens to the member. */
    public enum Kind {
        /** Nothing: a change that was refused. */
        NONE,
        /** It votes from now on; a learner is promoted. */
        ADD_VOTER,
        /** It receives the log without a vote. */
        ADD_LEARNER,
        /** It takes no part any more. */
        REMOVE,
        /** Only its context changed. */
        UPDATE
    }

    /** A refused change. */
    public static final ConfChange NONE = new ConfChange(Kind.NONE, 0, new byte[0]);

    public byte[] encode() {
        return ByteBuffer.allocate(1 + Long.BYTES + context.length)
                .put((byte) kind.ordinal())
                .putLong(id)
                .put(context)
                .array();
    }

    public static ConfChange decode(byte[] bytes) {
        if (bytes.length < 1 + Long.BYTES || bytes[0] < 0 || bytes[0] >= Kind.values().length) {
            throw new IllegalArgumentException("not a membership change: " + bytes.length + " bytes");
        }
        var in = ByteBuffer.wrap(bytes);
        Kind kind = Kind.values()[in.get()];
        long id = in.getLong();
        byte[] context = new byte[in.remaining()];
        in.get(context);
        return new ConfChange(kind, id, context);
    }
}
