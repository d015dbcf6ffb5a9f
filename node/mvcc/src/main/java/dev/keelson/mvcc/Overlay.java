package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.backend.Reader;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are not in the backend yet, laid over what is: reads see both, the newer winning.
 *
 * <p>Thread rule: one thread.
 */
final class Overlay implements Reader, Mutations {

    private final Reader base;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final TreeMap<byte[], Change>[] families = new TreeMap[Family.values().length];

    private record Change(byte @Nullable [] value) {}

    private static final Change DELETED = new Change(null);

    Overlay(Reader base) {
        this.base = base;
        for (int i = 0; i < families.length; i++) {
            families[i] = new TreeMap<>(Arrays::compareUnsigned);
        }
    }

    private TreeMap<byte[], Change> changes(Family family) {
        return families[family.ordinal()];
    }

    @Override
    public void put(Family family, byte[] key, byte[] value) {
        changes(family).put(key, new Change(value));
    }

    @Override
    public void delete(Family family, byte[] key) {
        changes(family).put(key, DELETED);
    }

    /** Emits every change, family by family in key order. */
    void writeTo(Mutations target) {
        for (Family family : Family.values()) {
            changes(family).forEach((key, change) -> {
                if (change.value() == null) {
                    target.delete(family, key);
                } else {
                    target.put(family, key, change.value());
                }
            });
        }
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        TreeMap<byte[], Change> changes = changes(family);
        Change change = changes.isEmpty() ? null : changes.get(key);
        return change == null ? base.get(family, key) : change.value();
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        Cursor below = base.ascend(family, lo, hi);
        NavigableMap<byte[], Change> above = bounded(family, lo, hi);
        return above.isEmpty() ? below : new MergedCursor(below, above, 1);
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        Cursor below = base.descend(family, lo, hi);
        NavigableMap<byte[], Change> above = bounded(family, lo, hi);
        return above.isEmpty() ? below : new MergedCursor(below, above.descendingMap(), -1);
    }

    private NavigableMap<byte[], Change> bounded(Family family, byte[] lo, byte @Nullable [] hi) {
        TreeMap<byte[], Change> changes = changes(family);
        if (hi == null) {
            return changes.tailMap(lo, true);
        }
        return Arrays.compareUnsigned(lo, hi) >= 0
                ? changes.subMap(lo, true, lo, false)
                : changes.subMap(lo, true, hi, false);
    }

    /** Two ordered sequences of rows as one; where both have a key the change hides the row below. */
    private static final class MergedCursor implements Cursor {
        private final Cursor below;
        private final Iterator<Map.Entry<byte[], Change>> above;
        private final int direction;
        private Map.@Nullable Entry<byte[], Change> change;
        private boolean onChange;

        MergedCursor(Cursor below, NavigableMap<byte[], Change> above, int direction) {
            this.below = below;
            this.above = above.entrySet().iterator();
            this.direction = direction;
            nextChange();
            settle();
        }

        private void nextChange() {
            change = above.hasNext() ? above.next() : null;
        }

        /** Finds the next row that exists. */
        private void settle() {
            while (change != null) {
                int order = below.isValid() ? direction * Arrays.compareUnsigned(change.getKey(), below.key()) : -1;
                if (order > 0) {
                    onChange = false;
                    return;
                }
                if (order == 0) {
                    below.next();
                }
                if (change.getValue().value() != null) {
                    onChange = true;
                    return;
                }
                nextChange();
            }
            onChange = false;
        }

        @Override
        public boolean isValid() {
            return onChange || below.isValid();
        }

        @Override
        public void next() {
            if (onChange) {
                nextChange();
            } else {
                below.next();
            }
            settle();
        }

        @Override
        public byte[] key() {
            return onChange ? java.util.Objects.requireNonNull(change).getKey() : below.key();
        }

        @Override
        public byte[] value() {
            return onChange
                    ? java.util.Objects.requireNonNull(
                            java.util.Objects.requireNonNull(change).getValue().value())
                    : below.value();
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
