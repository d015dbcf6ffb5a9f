package dev.keelson.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
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
        List<KeyValue> kvs = state.all(KeyRange.of(compare.key(), compare.rangeEnd()));
        if (kvs.isEmpty()) {
            // On the wire no value and an empty one are the same, so a missing key equals no value at all.
            return compare.target() != Compare.Target.VALUE
                    && holds(compare.result(), Long.compare(0, compare.number()));
        }
        for (KeyValue kv : kvs) {
            if (!holds(compare.result(), order(compare, kv))) {
                return false;
            }
        }
        return true;
    }

    private static int order(Compare compare, KeyValue kv) {
        return switch (compare.target()) {
            case VERSION -> Long.compare(kv.version(), compare.number());
            case CREATE -> Long.compare(kv.createRevision(), compare.number());
            case MOD -> Long.compare(kv.modRevision(), compare.number());
            case LEASE -> Long.compare(kv.lease(), compare.number());
            case VALUE -> Arrays.compareUnsigned(kv.value(), compare.value());
        };
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
