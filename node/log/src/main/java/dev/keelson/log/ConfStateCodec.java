package dev.keelson.log;

import dev.keelson.raft.confchange.ConfState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A membership as bytes: three lists, each its length and its ids. */
final class ConfStateCodec {

    private ConfStateCodec() {}

    static byte[] encode(ConfState confState) {
        int ids = confState.voters().size()
                + confState.votersOutgoing().size()
                + confState.learners().size();
        var bytes = ByteBuffer.allocate(3 * Integer.BYTES + ids * Long.BYTES);
        put(bytes, confState.voters());
        put(bytes, confState.votersOutgoing());
        put(bytes, confState.learners());
        return bytes.array();
    }

    /** @throws BufferUnderflowException when there is less than it takes */
    static ConfState decode(ByteBuffer bytes) {
        return new ConfState(take(bytes), take(bytes), take(bytes));
    }

    private static void put(ByteBuffer bytes, List<Long> ids) {
        bytes.putInt(ids.size());
        for (long id : ids) {
            bytes.putLong(id);
        }
    }

    private static List<Long> take(ByteBuffer bytes) {
        int count = bytes.getInt();
        if (count > bytes.remaining() / Long.BYTES) {
            throw new BufferUnderflowException();
        }
        var ids = new ArrayList<Long>(count);
        for (int i = 0; i < count; i++) {
            ids.add(bytes.getLong());
        }
        return ids;
    }
}
