package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.HistoryValue;
import dev.keelson.mvcc.key.RevisionKey;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The hash by which members compare their histories, equal to etcd's for the same operations.
 *
 * <p>CRC-32C over the name of etcd's bucket and the keys and values of all rows up to a revision. Of the rows at or below
 * the compact revision only those count that are live at that revision, so that it does not matter how far the removal of
 * the others has come; and a delete exactly at the compact revision never counts, since old versions removed it.
 */
final class HistoryHash {

    private static final byte[] BUCKET = "key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST = new byte[0];

    private final Reader rows;
    private final RangeReader reader;
    private final long currentRevision;
    private final long compactRevision;

    HistoryHash(Reader rows, RangeReader reader, long currentRevision, long compactRevision) {
        this.rows = rows;
        this.reader = reader;
        this.currentRevision = currentRevision;
        this.compactRevision = compactRevision;
    }

    HashKvResult hashKv(long atRevision) {
        if (atRevision > 0 && atRevision < compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        if (atRevision > currentRevision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        long revision = atRevision <= 0 ? currentRevision : atRevision;
        boolean skipSuperseded = compactRevision > 0 && anyKeyLives(revision);
        var hash = new CRC32C();
        hash.update(BUCKET);
        try (Cursor history = rows.ascend(Family.HISTORY, FIRST, RevisionKey.first(revision + 1))) {
            for (; history.isValid(); history.next()) {
                if (counts(history, revision, skipSuperseded)) {
                    hash.update(history.key());
                    hash.update(history.value());
                }
            }
        }
        return new HashKvResult((int) hash.getValue(), compactRevision, revision);
    }

    private boolean counts(Cursor history, long revision, boolean skipSuperseded) {
        byte[] key = history.key();
        Revision written = RevisionKey.decode(key);
        if (written.main() > compactRevision) {
            return true;
        }
        boolean tombstone = RevisionKey.isTombstone(key);
        if (written.main() == compactRevision && tombstone) {
            return false;
        }
        if (!skipSuperseded) {
            return true;
        }
        return !tombstone && isLive(HistoryValue.decode(history.value()), written, revision);
    }

    private boolean isLive(KeyValue kv, Revision written, long revision) {
        KeyValue live = reader.get(kv.key(), revision);
        return live != null && live.modRevision() == written.main();
    }

    /** etcd skips nothing while no key is left at the revision. */
    private boolean anyKeyLives(long revision) {
        RangeRequest all = new RangeRequest(
                new byte[] {0},
                new byte[] {0},
                1,
                revision,
                SortOrder.NONE,
                SortTarget.KEY,
                true,
                true,
                false,
                0,
                0,
                0,
                0);
        return !reader.range(all).kvs().isEmpty();
    }

    static int ofAllRows(Reader rows) {
        var hash = new CRC32C();
        try (Cursor history = rows.ascend(Family.HISTORY, FIRST, null)) {
            for (; history.isValid(); history.next()) {
                hash.update(history.key());
                hash.update(history.value());
            }
        }
        return (int) hash.getValue();
    }
}
