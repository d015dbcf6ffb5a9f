package dev.keelson.mvcc.watch;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All watchers of one key or of one range, those in step before those that lag.
 *
 * <p>Thread rule: the watch worker only.
 */
final class WatchGroup {

    final byte[] lo;

    /** Exclusive end, or null for none; null for a single key. */
    final byte @Nullable [] hi;

    final boolean single;

    /** What is being collected for the watchers of this group; null between two rounds. */
    @Nullable
    Gathering gathering;

    private @Nullable Watcher[] members = new Watcher[1];
    private int count;
    private int inStep;

    WatchGroup(byte[] lo, byte @Nullable [] hi, boolean single) {
        this.lo = lo;
        this.hi = hi;
        this.single = single;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** How many are in step: they are the first. */
    int inStep() {
        return inStep;
    }

    Watcher get(int index) {
        return Objects.requireNonNull(members[index]);
    }

    /** Takes a watcher in, as one that is in step. */
    void add(Watcher watcher) {
        if (count == members.length) {
            members = Arrays.copyOf(members, count + Math.max(1, count >> 1));
        }
        place(watcher, count++);
        swap(watcher.groupSlot, inStep++);
    }

    void remove(Watcher watcher) {
        if (!watcher.is(Watcher.LAGS)) {
            swap(watcher.groupSlot, --inStep);
        }
        swap(watcher.groupSlot, --count);
        members[count] = null;
        if (count < members.length >> 2) {
            members = Arrays.copyOf(members, members.length >> 1);
        }
    }

    void lag(Watcher watcher) {
        watcher.set(Watcher.LAGS);
        swap(watcher.groupSlot, --inStep);
    }

    void fallIn(Watcher watcher) {
        watcher.clear(Watcher.LAGS);
        swap(watcher.groupSlot, inStep++);
    }

    private void swap(int one, int other) {
        Watcher moved = get(one);
        place(get(other), one);
        place(moved, other);
    }

    private void place(Watcher watcher, int slot) {
        members[slot] = watcher;
        watcher.groupSlot = slot;
    }
}
