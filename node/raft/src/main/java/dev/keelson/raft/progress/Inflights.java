package dev.keelson.raft.progress;

import dev.keelson.raft.Invariant;

/**
 * A window over what was sent and not answered, bounded by count and bytes: a ring of (last index, bytes).
 *
 * <p>Indexes only grow from one to the next. The ring grows by doubling up to the bound, so that an idle peer costs
 * little.
 */
public final class Inflights {

    private static final int CAPACITY_MIN = 8;

    private final int countMax;
    private final long bytesMax;
    private long[] indexes = new long[CAPACITY_MIN];
    private long[] sizes = new long[CAPACITY_MIN];
    private int first;
    private int count;
    private long bytes;

    public Inflights(int countMax, long bytesMax) {
        Invariant.check(countMax > 0 && bytesMax > 0, "a window of at least one message and byte");
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    public boolean isFull() {
        return count >= countMax || bytes >= bytesMax;
    }

    public int count() {
        return count;
    }

    public long bytes() {
        return bytes;
    }

    /** Something ending at {@code lastIndex} was sent. One item may pass the bound of bytes, none is refused by it. */
    public void add(long lastIndex, long itemBytes) {
        Invariant.check(!isFull(), "the window is full");
        Invariant.check(count == 0 || lastIndex > indexes[slot(count - 1)], "indexes in a window grow");
        if (count == indexes.length) {
            grow();
        }
        int slot = slot(count);
        indexes[slot] = lastIndex;
        sizes[slot] = itemBytes;
        count++;
        bytes += itemBytes;
    }

    /** Everything through {@code index} was answered. */
    public void freeTo(long index) {
        while (count > 0 && indexes[first] <= index) {
            bytes -= sizes[first];
            first = slot(1);
            count--;
        }
        Invariant.check(bytes >= 0, "bytes in a window are never negative");
    }

    public void clear() {
        first = 0;
        count = 0;
        bytes = 0;
    }

    private int slot(int position) {
        int slot = first + position;
        return slot < indexes.length ? slot : slot - indexes.length;
    }

    private void grow() {
        int capacity = (int) Math.min(countMax, indexes.length * 2L);
        long[] grownIndexes = new long[capacity];
        long[] grownSizes = new long[capacity];
        for (int i = 0; i < count; i++) {
            grownIndexes[i] = indexes[slot(i)];
            grownSizes[i] = sizes[slot(i)];
        }
        indexes = grownIndexes;
        sizes = grownSizes;
        first = 0;
    }
}
