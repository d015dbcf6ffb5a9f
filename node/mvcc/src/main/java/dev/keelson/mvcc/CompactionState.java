package dev.keelson.mvcc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What compactions write: a row of its own, because they run beside the apply thread.
 *
 * @param finishedRevision revision of the last compaction that came to its end, -1 before the first
 * @param removedBytes bytes that all compactions so far took away
 */
record CompactionState(long finishedRevision, long removedBytes) {

    static final byte[] ROW = "store.compaction".getBytes(StandardCharsets.UTF_8);
    static final CompactionState NEW = new CompactionState(MvccStore.NEVER_COMPACTED, 0);

    static CompactionState read(byte @Nullable [] row) {
        if (row == null) {
            return NEW;
        }
        var in = ByteBuffer.wrap(row);
        return new CompactionState(in.getLong(), in.getLong());
    }

    byte[] write() {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(finishedRevision)
                .putLong(removedBytes)
                .array();
    }
}
