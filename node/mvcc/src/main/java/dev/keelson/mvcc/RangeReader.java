package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.util.ArrayList;
import java.util.Arrays;
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
        var rows = new Rows(RangeOrder.scanLimit(request), Long.MAX_VALUE, RangeOrder.isKeysOnlyScan(request));
        scan(range, at, rows, true);
        return RangeOrder.finish(request, revision, rows.kvs, rows.count);
    }

    long count(RangeRequest request) {
        long at = readRevision(request.revision());
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        return range.isEmpty() ? 0 : count(range, at);
    }

    /**
     * The first keys of a range, without a look at the others: up to the limit, and none after those that make more than
     * {@code bytesMax} together. A target without an order sorts within the chunk, as in etcd's streams.
     */
    RangeChunk chunk(RangeRequest request, long bytesMax) {
        long at = readRevision(request.revision());
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        var rows = new Rows(request.limit(), bytesMax, RangeOrder.isKeysOnlyScan(request));
        boolean more = !range.isEmpty() && scan(range, at, rows, false);
        byte[] next = more ? after(rows.kvs.getLast().key()) : null;
        RangeOrder.arrange(request, rows.kvs);
        return new RangeChunk(revision, rows.kvs, rows.bytes, next);
    }

    private static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
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

    /** Collects until a limit of keys, 0 for none, or of bytes is reached, and counts on. */
    private static final class Rows {

        private final long limit;
        private final long bytesMax;
        private final boolean keysOnly;
        private final List<KeyValue> kvs = new ArrayList<>();
        private long bytes;
        private long count;

        Rows(long limit, long bytesMax, boolean keysOnly) {
            this.limit = limit;
            this.bytesMax = bytesMax;
            this.keysOnly = keysOnly;
        }

        boolean isFull() {
            return limit > 0 && count >= limit || bytes > bytesMax;
        }

        void add(KeyValue kv) {
            kvs.add(kv);
            bytes += new HistoryRow(
                            kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), kv.value(), kv.lease())
                    .fieldBytes();
            count++;
        }
    }

    /** Reads into {@code rows}, and counts what these do not take if asked to; returns whether they did not take all. */
    private boolean scan(KeyRange range, long at, Rows rows, boolean counting) {
        if (at != revision) {
            return scanOld(range, at, rows, counting);
        }
        if (range.single()) {
            byte[] row = reader.get(Family.KEYS, range.lo());
            if (row != null) {
                rows.add(live(range.lo(), row, rows.keysOnly));
            }
            return false;
        }
        return scanNewest(range, rows, counting);
    }

    private boolean scanNewest(KeyRange range, Rows rows, boolean counting) {
        try (Cursor cursor = reader.ascend(Family.KEYS, range.lo(), range.hi())) {
            for (; cursor.isValid() && !rows.isFull(); cursor.next()) {
                rows.add(live(cursor.key(), cursor.value(), rows.keysOnly));
            }
            boolean more = cursor.isValid();
            for (; counting && cursor.isValid(); cursor.next()) {
                rows.count++;
            }
            return more;
        }
    }

    private boolean scanOld(KeyRange range, long at, Rows rows, boolean counting) {
        try (var scan = new VersionScan(reader, range, at)) {
            byte[] row = scan.next();
            for (; row != null && !rows.isFull(); row = scan.next()) {
                rows.add(old(row, rows.keysOnly));
            }
            boolean more = row != null;
            for (; counting && row != null; row = scan.next()) {
                rows.count++;
            }
            return more;
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
