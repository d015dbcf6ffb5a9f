package dev.keelson.engine.auth;

import dev.keelson.mvcc.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one user may read, or may write: ranges that neither touch nor overlap, in the order of the keys.
 *
 * <p>Merged, since a request must be covered as a whole but not by one permission (etcd merges them, too): with [a, c) and
 * [c, e) a user may read [b, d). That a user may read one key says nothing about a range that begins with it
 * (GHSA-xg4h-6gfc-h4m8).
 *
 * <p>Thread rule: immutable.
 */
final class Grants {

    private final List<Interval> intervals;

    private Grants(List<Interval> intervals) {
        this.intervals = intervals;
    }

    private record Interval(byte[] lo, byte @Nullable [] hi) {

        static Interval of(Permission permission) {
            KeyRange range = KeyRange.of(permission.key(), permission.rangeEnd());
            return new Interval(range.lo(), range.single() ? after(range.lo()) : range.hi());
        }

        /** The next key there can be. */
        private static byte[] after(byte[] key) {
            return Arrays.copyOf(key, key.length + 1);
        }

        boolean touches(Interval next) {
            return hi == null || Arrays.compareUnsigned(hi, next.lo) >= 0;
        }

        Interval with(Interval next) {
            boolean mine = hi == null || next.hi != null && Arrays.compareUnsigned(hi, next.hi) >= 0;
            return new Interval(lo, mine ? hi : next.hi);
        }
    }

    static Grants of(List<Permission> permissions) {
        List<Interval> sorted = permissions.stream()
                .filter(Permission::isSound)
                .map(Interval::of)
                .sorted((a, b) -> Arrays.compareUnsigned(a.lo, b.lo))
                .toList();
        var merged = new ArrayList<Interval>();
        for (Interval next : sorted) {
            if (!merged.isEmpty() && merged.getLast().touches(next)) {
                merged.add(merged.removeLast().with(next));
            } else {
                merged.add(next);
            }
        }
        return new Grants(List.copyOf(merged));
    }

    /** Whether all of the range is granted; of an empty one its first key decides, as in etcd. */
    boolean cover(KeyRange range) {
        Interval last = lastFrom(range.lo());
        if (last == null) {
            return false;
        }
        byte[] end = last.hi();
        if (end == null) {
            return true;
        }
        if (Arrays.compareUnsigned(range.lo(), end) >= 0) {
            return false;
        }
        byte[] asked = range.hi();
        return range.single() || asked != null && Arrays.compareUnsigned(asked, end) <= 0;
    }

    /** The last interval that begins at or before the key. */
    private @Nullable Interval lastFrom(byte[] key) {
        int lo = 0;
        int hi = intervals.size();
        while (lo < hi) {
            int middle = (lo + hi) >>> 1;
            if (Arrays.compareUnsigned(intervals.get(middle).lo(), key) <= 0) {
                lo = middle + 1;
            } else {
                hi = middle;
            }
        }
        return lo == 0 ? null : intervals.get(lo - 1);
    }
}
