package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.KeyRange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the groups that a change of a key is for: by the key itself, and by the ranges around it.
 *
 * <p>Thread rule: the watch worker only.
 */
final class WatchIndex {

    private final Map<Key, WatchGroup> keys = new HashMap<>();
    private final RangeTree ranges = new RangeTree();

    /** A key as the map takes it; ordered, so that keys chosen to collide cost a tree and not a list. */
    private static final class Key implements Comparable<Key> {

        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public int compareTo(Key other) {
            return Arrays.compareUnsigned(bytes, other.bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** The group of a range that is not empty, made if there is none. */
    WatchGroup groupOf(KeyRange range) {
        if (range.single()) {
            return keys.computeIfAbsent(new Key(range.lo()), key -> new WatchGroup(key.bytes, null, true));
        }
        WatchGroup found = ranges.get(range.lo(), range.hi());
        if (found == null) {
            found = new WatchGroup(range.lo(), range.hi(), false);
            ranges.add(found);
        }
        return found;
    }

    /** Forgets a group in which nobody is left. */
    void remove(WatchGroup group) {
        if (group.single) {
            keys.remove(new Key(group.lo));
        } else {
            ranges.remove(group);
        }
    }

    /** Adds the groups that hear of a change of the key. */
    void match(byte[] key, List<WatchGroup> found) {
        WatchGroup single = keys.get(new Key(key));
        if (single != null) {
            found.add(single);
        }
        ranges.around(key, found);
    }
}
