package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.LiveRow;
import java.util.Arrays;

/** Evaluates the compares of a transaction against the live rows. */
final class Conditions {

    private static final byte[] NOTHING = new byte[0];

    private final Reader rows;

    Conditions(Reader rows) {
        this.rows = rows;
    }

    boolean allHold(TxnRequest txn) {
        for (Compare compare : txn.compares()) {
            if (!holds(compare)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Compare compare) {
        KeyRange range = KeyRange.of(compare.key(), compare.rangeEnd());
        if (range.single()) {
            byte[] row = rows.get(Family.KEYS, compare.key());
            return row == null ? holdsForNothing(compare) : holds(compare, LiveRow.decode(compare.key(), row));
        }
        try (Cursor live = rows.ascend(Family.KEYS, range.lo(), range.hi())) {
            if (!live.isValid()) {
                return holdsForNothing(compare);
            }
            for (; live.isValid(); live.next()) {
                if (!holds(compare, LiveRow.decode(live.key(), live.value()))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A missing key has all numbers 0 and no value: nothing can be said of what it equals. */
    private static boolean holdsForNothing(Compare compare) {
        return compare.target() != Compare.Target.VALUE
                && holds(compare, new KeyValue(compare.key(), 0, 0, 0, NOTHING, 0));
    }

    private static boolean holds(Compare compare, KeyValue kv) {
        int order = switch (compare.target()) {
            case VERSION -> Long.compare(kv.version(), compare.number());
            case CREATE -> Long.compare(kv.createRevision(), compare.number());
            case MOD -> Long.compare(kv.modRevision(), compare.number());
            case LEASE -> Long.compare(kv.lease(), compare.number());
            case VALUE -> Arrays.compareUnsigned(kv.value(), compare.value());
        };
        return switch (compare.result()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
        };
    }
}
