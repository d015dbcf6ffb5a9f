package dev.keelson.mvcc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the apply thread writes with every batch.
 *
 * @param revision main revision of the last change
 * @param compactRevision revision of the last compaction that was ordered, -1 before the first
 * @param writtenBytes bytes in KEYS, HISTORY and VERSIONS, were nothing ever compacted
 * @param sizeBytes the most bytes in use at any time since the space was last reclaimed
 * @param keys keys that are live
 */
record StoreState(long revision, long compactRevision, long writtenBytes, long sizeBytes, long keys) {

    static final byte[] ROW = "store.state".getBytes(StandardCharsets.UTF_8);
    static final StoreState NEW = new StoreState(
            MvccStore.FIRST_REVISION, MvccStore.NEVER_COMPACTED, MvccStore.EMPTY_BYTES, MvccStore.EMPTY_BYTES, 0);

    static StoreState read(byte @Nullable [] row) {
        if (row == null) {
            return NEW;
        }
        var in = ByteBuffer.wrap(row);
        return new StoreState(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    byte[] write() {
        return ByteBuffer.allocate(5 * Long.BYTES)
                .putLong(revision)
                .putLong(compactRevision)
                .putLong(writtenBytes)
                .putLong(sizeBytes)
                .putLong(keys)
                .array();
    }
}
