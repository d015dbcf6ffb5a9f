package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.LiveRow;
import java.util.ArrayList;
import java.util.List;

/**
 * The branches that a transaction and those nested in it take.
 *
 * <p>All compares are evaluated before the first operation runs, nested ones too, against the state before the
 * transaction: an operation of the outer branch does not change which way an inner one goes.
 *
 * @param nested one for each transaction among the operations, in their order
 */
record TxnPath(boolean succeeded, List<Operation> operations, List<TxnPath> nested) {

    static TxnPath of(RangeReader before, TxnRequest txn) {
        boolean succeeded = allHold(before, txn.compares());
        List<Operation> operations = succeeded ? txn.success() : txn.failure();
        List<TxnPath> nested = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof TxnRequest inner) {
                nested.add(of(before, inner));
            }
        }
        return new TxnPath(succeeded, operations, nested);
    }

    static boolean allHold(RangeReader state, List<Compare> compares) {
        for (Compare compare : compares) {
            if (!holds(state, compare)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(RangeReader state, Compare compare) {
        KeyRange range = KeyRange.of(compare.key(), compare.rangeEnd());
        if (range.isEmpty()) {
            return holdsForMissing(compare);
        }
        if (range.single()) {
            byte[] row = state.reader().get(Family.KEYS, range.lo());
            return row == null ? holdsForMissing(compare) : holds(compare, LiveRow.read(row));
        }
        try (Cursor keys = state.reader().ascend(Family.KEYS, range.lo(), range.hi())) {
            if (!keys.isValid()) {
                return holdsForMissing(compare);
            }
            for (; keys.isValid(); keys.next()) {
                if (!holds(compare, LiveRow.read(keys.value()))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** On the wire no value and an empty one are the same, so the value of a missing key compares to nothing at all. */
    private static boolean holdsForMissing(Compare compare) {
        return compare.target() != Compare.Target.VALUE && holds(compare.result(), Long.compare(0, compare.number()));
    }

    private static boolean holds(Compare compare, LiveRow live) {
        int order = switch (compare.target()) {
            case VERSION -> Long.compare(live.version(), compare.number());
            case CREATE -> Long.compare(live.createRevision(), compare.number());
            case MOD -> Long.compare(live.modRevision(), compare.number());
            case LEASE -> Long.compare(live.lease(), compare.number());
            case VALUE -> live.compareValue(compare.value());
        };
        return holds(compare.result(), order);
    }

    private static boolean holds(Compare.Result wanted, int order) {
        return switch (wanted) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
        };
    }

    /** Refuses what must not run, before anything does; leases exist in {@code before}'s own reader. */
    void check(RangeReader before) {
        int inner = 0;
        for (Operation operation : operations) {
            switch (operation) {
                case RangeRequest range -> checkRevision(before, range.revision());
                case PutRequest put -> PutChecks.check(before.reader(), put);
                case DeleteRangeRequest _ -> {}
                case TxnRequest _ -> nested.get(inner++).check(before);
            }
        }
    }

    /** Stricter than outside a transaction: a negative revision is below every compaction, not the newest. */
    private static void checkRevision(RangeReader before, long revision) {
        if (revision == 0) {
            return;
        }
        if (revision > before.revision()) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        if (revision < before.compactRevision()) {
            throw new StoreException(StoreError.COMPACTED);
        }
    }
}
