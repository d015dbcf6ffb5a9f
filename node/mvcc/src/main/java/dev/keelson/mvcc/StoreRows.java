package dev.keelson.mvcc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rows of {@code META} that are the store's own. */
final class StoreRows {

    static final String REVISION = "store.revision";
    static final String COMPACT_SCHEDULED = "store.compact.scheduled";
    static final String COMPACT_FINISHED = "store.compact.finished";
    static final String SIZE = "store.size";
    static final String SIZE_IN_USE = "store.size.inuse";

    private StoreRows() {}

    static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    static long number(byte @Nullable [] row, long absent) {
        return row == null ? absent : ByteBuffer.wrap(row).getLong();
    }
}
