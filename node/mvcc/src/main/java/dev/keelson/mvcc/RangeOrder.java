package dev.keelson.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What becomes of the rows of a range once they are read, in etcd's order: filter, sort, strip, cut to the limit. */
final class RangeOrder {

    private static final byte[] NO_VALUE = {};

    private RangeOrder() {}

    /**
     * Rows to read, 0 for all: one more than the limit tells whether there are more.
     *
     * <p>A target without an order counts as unsorted here although {@link #finish} does sort it, so that the limit picks
     * the first keys and not the first by that target. It is what etcd does, and clients page by it.
     */
    static long scanLimit(RangeRequest request) {
        if (request.limit() <= 0 || request.isFiltered() || !isScanOrder(request.sortTarget(), request.sortOrder())) {
            return 0;
        }
        return request.limit() == Long.MAX_VALUE ? request.limit() : request.limit() + 1;
    }

    /** Whether neither value nor lease is read: etcd answers from its index then, which knows no lease. */
    static boolean isKeysOnlyScan(RangeRequest request) {
        return request.keysOnly() && request.sortTarget() != SortTarget.VALUE;
    }

    static boolean isScanOrder(SortTarget target, SortOrder order) {
        return order == SortOrder.NONE || target == SortTarget.KEY && order == SortOrder.ASCEND;
    }

    /** @param kvs what the scan read, in the order of the keys; changed in place */
    static RangeResult finish(RangeRequest request, long revision, List<KeyValue> kvs, long count) {
        if (request.isFiltered()) {
            kvs.removeIf(kv -> isFilteredOut(request, kv));
        }
        arrange(request, kvs);
        boolean more = request.limit() > 0 && kvs.size() > request.limit();
        List<KeyValue> kept = more ? new ArrayList<>(kvs.subList(0, (int) request.limit())) : kvs;
        return new RangeResult(revision, kept, more, count);
    }

    /** Sorts, and takes away what was read for that alone. */
    static void arrange(RangeRequest request, List<KeyValue> kvs) {
        sort(request, kvs);
        if (request.keysOnly() && !isKeysOnlyScan(request)) {
            kvs.replaceAll(RangeOrder::withoutValue);
        }
    }

    private static boolean isFilteredOut(RangeRequest request, KeyValue kv) {
        return isAbove(kv.modRevision(), request.maxModRevision())
                || isAbove(kv.createRevision(), request.maxCreateRevision())
                || kv.modRevision() < request.minModRevision() && request.minModRevision() != 0
                || kv.createRevision() < request.minCreateRevision() && request.minCreateRevision() != 0;
    }

    private static boolean isAbove(long revision, long max) {
        return max != 0 && revision > max;
    }

    private static void sort(RangeRequest request, List<KeyValue> kvs) {
        SortOrder order = request.sortOrder();
        if (order == SortOrder.NONE && request.sortTarget() != SortTarget.KEY) {
            order = SortOrder.ASCEND;
        }
        if (isScanOrder(request.sortTarget(), order)) {
            return;
        }
        Comparator<KeyValue> ascending = comparator(request.sortTarget());
        kvs.sort(order == SortOrder.DESCEND ? ascending.reversed() : ascending);
    }

    private static Comparator<KeyValue> comparator(SortTarget target) {
        return switch (target) {
            case KEY -> (a, b) -> Arrays.compareUnsigned(a.key(), b.key());
            case VERSION -> Comparator.comparingLong(KeyValue::version);
            case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
            case MOD -> Comparator.comparingLong(KeyValue::modRevision);
            case VALUE -> (a, b) -> Arrays.compareUnsigned(a.value(), b.value());
        };
    }

    private static KeyValue withoutValue(KeyValue kv) {
        return new KeyValue(kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), NO_VALUE, kv.lease());
    }
}
