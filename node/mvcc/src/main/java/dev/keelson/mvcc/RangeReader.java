package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.HistoryValue;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers ranges over one state of the store, in etcd's order of work: select, filter, sort, limit.
 *
 * <p>Without filters and sorting the limit goes into the scan and the rest is only counted. The newest revision is read
 * from the live rows, an older one from the versions and the history.
 */
final class RangeReader {

    private static final byte[] NOTHING = new byte[0];

    private final Reader rows;
    private final long currentRevision;
    private final long compactRevision;

    /** @param currentRevision the newest revision that {@code rows} hold, changes under way included */
    RangeReader(Reader rows, long currentRevision, long compactRevision) {
        this.rows = rows;
        this.currentRevision = currentRevision;
        this.compactRevision = compactRevision;
    }

    RangeResult range(RangeRequest request) {
        long revision = request.revision() <= 0 ? currentRevision : request.revision();
        if (revision > currentRevision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        if (revision < compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        var selection = new Selection(request);
        if (range.single()) {
            KeyValue kv = get(request.key(), revision);
            if (kv != null) {
                selection.offer(kv);
            }
        } else if (revision == currentRevision) {
            scanLive(range, selection);
        } else {
            scanVersions(range, revision, selection);
        }
        return selection.result(currentRevision);
    }

    /** The key at a revision, null when it did not exist. */
    @Nullable
    KeyValue get(byte[] key, long revision) {
        if (revision == currentRevision) {
            byte[] row = rows.get(Family.KEYS, key);
            return row == null ? null : LiveRow.decode(key, row);
        }
        byte[] lo = VersionKey.newestAt(key, revision);
        try (Cursor versions = rows.ascend(Family.VERSIONS, lo, VersionKey.end(key))) {
            return versions.isValid() && !VersionKey.isDelete(versions.value()) ? fetch(versions.key()) : null;
        }
    }

    private KeyValue fetch(byte[] versionRow) {
        byte[] row = rows.get(Family.HISTORY, RevisionKey.encode(VersionKey.revision(versionRow), false));
        Invariant.check(row != null, "a version without its history row");
        return HistoryValue.decode(java.util.Objects.requireNonNull(row));
    }

    private void scanLive(KeyRange range, Selection selection) {
        try (Cursor live = rows.ascend(Family.KEYS, range.lo(), range.hi())) {
            for (; live.isValid(); live.next()) {
                if (selection.wantsRows()) {
                    selection.offer(LiveRow.decode(live.key(), live.value()));
                } else {
                    selection.count();
                }
            }
        }
    }

    private void scanVersions(KeyRange range, long revision, Selection selection) {
        byte[] hi = range.hi() == null ? null : VersionKey.first(range.hi());
        try (Cursor versions = rows.ascend(Family.VERSIONS, VersionKey.first(range.lo()), hi)) {
            byte[] decided = null;
            for (; versions.isValid(); versions.next()) {
                byte[] row = versions.key();
                if (decided != null && VersionKey.sameKey(decided, row)
                        || VersionKey.revision(row).main() > revision) {
                    continue;
                }
                decided = row;
                if (VersionKey.isDelete(versions.value())) {
                    continue;
                }
                if (selection.wantsRows()) {
                    selection.offer(fetch(row));
                } else {
                    selection.count();
                }
            }
        }
    }

    /** Collects what a request wants of the rows of its range. */
    private static final class Selection {
        private final RangeRequest request;
        private final long scanLimit;
        private final List<KeyValue> kvs = new ArrayList<>();
        private final @Nullable Predicate<KeyValue> filter;
        private long count;

        Selection(RangeRequest request) {
            this.request = request;
            this.filter = request.isFiltered() ? filterOf(request) : null;
            this.scanLimit = scanLimit(request);
        }

        /**
         * Rows to collect: one more than the limit, to know whether there are more. A target without an order is sorted
         * only after that cut, as etcd does it.
         */
        private static long scanLimit(RangeRequest request) {
            boolean sorted = request.sortOrder() != SortOrder.NONE && request.isSorted();
            if (request.countOnly()) {
                return 0;
            }
            boolean all = request.limit() <= 0 || request.limit() == Long.MAX_VALUE || sorted || request.isFiltered();
            return all ? Long.MAX_VALUE : request.limit() + 1;
        }

        private static Predicate<KeyValue> filterOf(RangeRequest request) {
            return kv -> (request.maxModRevision() == 0 || kv.modRevision() <= request.maxModRevision())
                    && (request.minModRevision() == 0 || kv.modRevision() >= request.minModRevision())
                    && (request.maxCreateRevision() == 0 || kv.createRevision() <= request.maxCreateRevision())
                    && (request.minCreateRevision() == 0 || kv.createRevision() >= request.minCreateRevision());
        }

        boolean wantsRows() {
            return kvs.size() < scanLimit;
        }

        void count() {
            count++;
        }

        void offer(KeyValue kv) {
            count++;
            if (wantsRows() && (filter == null || filter.test(kv))) {
                kvs.add(kv);
            }
        }

        RangeResult result(long revision) {
            if (request.isSorted() && kvs.size() > 1) {
                kvs.sort(comparator());
            }
            boolean more = request.limit() > 0 && kvs.size() > request.limit();
            if (more) {
                kvs.subList((int) request.limit(), kvs.size()).clear();
            }
            if (request.keysOnly()) {
                kvs.replaceAll(this::keyOnly);
            }
            return new RangeResult(revision, kvs, more, count);
        }

        /** etcd answers these from its index, which knows no lease, unless it had to read the values to sort by them. */
        private KeyValue keyOnly(KeyValue kv) {
            long lease = request.sortTarget() == SortTarget.VALUE ? kv.lease() : 0;
            return new KeyValue(kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), NOTHING, lease);
        }

        private Comparator<KeyValue> comparator() {
            Comparator<KeyValue> ascending = switch (request.sortTarget()) {
                case KEY -> (a, b) -> Arrays.compareUnsigned(a.key(), b.key());
                case VERSION -> Comparator.comparingLong(KeyValue::version);
                case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
                case MOD -> Comparator.comparingLong(KeyValue::modRevision);
                case VALUE -> (a, b) -> Arrays.compareUnsigned(a.value(), b.value());
            };
            return request.sortOrder() == SortOrder.DESCEND ? ascending.reversed() : ascending;
        }
    }
}
