package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers range requests over one state of the store.
 *
 * <p>The newest revision is read from KEYS alone; an older one by way of VERSIONS from HISTORY. Keys beyond the limit are
 * counted without being read.
 *
 * @param revision the newest revision in that state
 * @param compactRevision revisions below it are gone
 */
record RangeReader(Reader reader, long revision, long compactRevision) {

    private static final byte[] NO_VALUE = {};

    RangeResult range(RangeRequest request) {
        long at = readRevision(request.revision());
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        if (range.isEmpty()) {
            return new RangeResult(revision, List.of(), false, 0);
        }
        if (request.countOnly()) {
            return new RangeResult(revision, List.of(), false, count(range, at));
        }
        var rows = new Rows(RangeOrder.scanLimit(request), RangeOrder.isKeysOnlyScan(request));
        scan(range, at, rows);
        return RangeOrder.finish(request, revision, rows.kvs, rows.count);
    }

    private long readRevision(long requested) {
        if (requested > revision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        long at = requested <= 0 ? revision : requested;
        if (at < compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        return at;
    }

    /** Collects up to a limit, 0 for none, and counts on. */
    private static final class Rows {

        private final long limit;
        private final boolean keysOnly;
        private final List<KeyValue> kvs = new ArrayList<>();
        private long count;

        Rows(long limit, boolean keysOnly) {
            this.limit = limit;
            this.keysOnly = keysOnly;
        }

        boolean isFull() {
            return limit > 0 && count >= limit;
        }

        void add(KeyValue kv) {
            kvs.add(kv);
            count++;
        }
    }

    private void scan(KeyRange range, long at, Rows rows) {
        if (at != revision) {
            scanOld(range, at, rows);
        } else if (range.single()) {
            byte[] row = reader.get(Family.KEYS, range.lo());
            if (row != null) {
                rows.add(live(range.lo(), row, rows.keysOnly));
            }
        } else {
            scanNewest(range, rows);
        }
    }

    private void scanNewest(KeyRange range, Rows rows) {
        try (Cursor cursor = reader.ascend(Family.KEYS, range.lo(), range.hi())) {
            for (; cursor.isValid() && !rows.isFull(); cursor.next()) {
                rows.add(live(cursor.key(), cursor.value(), rows.keysOnly));
            }
            for (; cursor.isValid(); cursor.next()) {
                rows.count++;
            }
        }
    }

    private void scanOld(KeyRange range, long at, Rows rows) {
        try (var scan = new VersionScan(reader, range, at)) {
            for (byte[] row = scan.next(); row != null; row = scan.next()) {
                if (rows.isFull()) {
                    rows.count++;
                } else {
                    rows.add(old(row, rows.keysOnly));
                }
            }
        }
    }

    private long count(KeyRange range, long at) {
        if (at != revision) {
            return countOld(range, at);
        }
        if (range.single()) {
            return reader.get(Family.KEYS, range.lo()) == null ? 0 : 1;
        }
        long count = 0;
        try (Cursor cursor = reader.ascend(Family.KEYS, range.lo(), range.hi())) {
            for (; cursor.isValid(); cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private long countOld(KeyRange range, long at) {
        long count = 0;
        try (var scan = new VersionScan(reader, range, at)) {
            while (scan.next() != null) {
                count++;
            }
        }
        return count;
    }

    private static KeyValue live(byte[] key, byte[] row, boolean keysOnly) {
        LiveRow live = LiveRow.read(row);
        return keysOnly
                ? new KeyValue(key, live.createRevision(), live.modRevision(), live.version(), NO_VALUE, 0)
                : kv(key, live);
    }

    static KeyValue kv(byte[] key, LiveRow live) {
        return new KeyValue(key, live.createRevision(), live.modRevision(), live.version(), live.value(), live.lease());
    }

    /** The row of HISTORY of the version that a key had at a revision, null when it had none or that is compacted. */
    byte @Nullable [] historyRow(byte[] key, long at) {
        if (at < compactRevision) {
            return null;
        }
        try (var scan = new VersionScan(reader, new KeyRange(key, null, true), at)) {
            byte[] version = scan.next();
            return version == null ? null : historyRow(version);
        }
    }

    private byte[] historyRow(byte[] version) {
        long main = VersionKey.main(version);
        byte[] found = reader.get(Family.HISTORY, RevisionKey.ofPut(main, VersionKey.sub(version)));
        if (found == null) {
            throw new InvariantViolation("revision " + main + " is in VERSIONS but not in HISTORY");
        }
        return found;
    }

    private KeyValue old(byte[] version, boolean keysOnly) {
        HistoryRow row = HistoryRow.read(historyRow(version));
        return new KeyValue(
                row.key(),
                row.createRevision(),
                row.modRevision(),
                row.version(),
                keysOnly ? NO_VALUE : row.value(),
                keysOnly ? 0 : row.lease());
    }
}
