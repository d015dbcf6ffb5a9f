package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.VersionKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the keys of a range that were live at an old revision, in order: of each the row of VERSIONS that was its newest
 * then.
 *
 * <p>Rows in between are stepped over, and jumped over once a key turns out to have many.
 */
final class VersionScan implements AutoCloseable {

    /** Steps are cheaper than a new cursor as long as there are few. */
    private static final int STEPS_MAX = 16;

    private final Reader reader;
    private final long revision;
    private final byte @Nullable [] hi;
    private Cursor cursor;
    private byte @Nullable [] row;

    VersionScan(Reader reader, KeyRange range, long revision) {
        this.reader = reader;
        this.revision = revision;
        byte[] end = range.hi();
        if (range.single()) {
            this.hi = VersionKey.hi(range.lo());
        } else {
            this.hi = end == null ? null : VersionKey.lo(end);
        }
        byte[] lo = range.single() ? VersionKey.newestAt(range.lo(), revision) : VersionKey.lo(range.lo());
        this.cursor = reader.ascend(Family.VERSIONS, lo, hi);
    }

    /** The next row, or null at the end. */
    byte @Nullable [] next() {
        if (row != null) {
            skipTo(VersionKey.hiOfRow(row));
        }
        row = null;
        while (cursor.isValid()) {
            byte[] candidate = cursor.key();
            if (VersionKey.main(candidate) > revision) {
                skipTo(VersionKey.newestAtOfRow(candidate, revision));
            } else if (VersionKey.isTombstone(cursor.value())) {
                skipTo(VersionKey.hiOfRow(candidate));
            } else {
                row = candidate;
                return candidate;
            }
        }
        return null;
    }

    private void skipTo(byte[] target) {
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            cursor.next();
            if (!cursor.isValid() || Arrays.compareUnsigned(cursor.key(), target) >= 0) {
                return;
            }
        }
        cursor.close();
        cursor = reader.ascend(Family.VERSIONS, target, hi);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
