package dev.keelson.mvcc.watch;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, all of each revision from {@link #from} on, bounded in bytes and in revisions.
 *
 * <p>Thread rule: the watch worker only.
 */
final class EventRing {

    private static final int SLOTS_MIN = 64;

    private final WatchLimits limits;
    private @Nullable SharedEvent[] slots = new SharedEvent[SLOTS_MIN];
    private int head;
    private int size;
    private long bytes;
    private long from;

    EventRing(WatchLimits limits, long from) {
        this.limits = limits;
        this.from = from;
    }

    /** The first revision that it holds, or is to hold next. */
    long from() {
        return from;
    }

    int size() {
        return size;
    }

    /** Forgets everything; what comes next is of {@code revision} or later. */
    void restart(long revision) {
        slots = new SharedEvent[SLOTS_MIN];
        head = 0;
        size = 0;
        bytes = 0;
        from = revision;
    }

    /** Takes the event that follows; the revision that it belongs to is whole only once {@link #trim} may be called. */
    void add(SharedEvent event) {
        if (size == slots.length) {
            grow();
        }
        slots[(head + size) & (slots.length - 1)] = event;
        size++;
        bytes += event.footprintBytes();
    }

    private void grow() {
        @Nullable SharedEvent[] larger = new SharedEvent[2 * slots.length];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        slots = larger;
        head = 0;
    }

    /** Forgets the oldest revisions, whole ones, until the rest is within the bounds; {@code newest} was the last. */
    void trim(long newest) {
        while (size > 0 && (bytes > limits.ringBytesMax() || newest - from >= limits.ringRevisionsMax())) {
            long oldest = get(0).revision();
            while (size > 0 && get(0).revision() == oldest) {
                bytes -= get(0).footprintBytes();
                slots[head] = null;
                head = (head + 1) & (slots.length - 1);
                size--;
            }
            from = oldest + 1;
        }
    }

    SharedEvent get(int index) {
        return Objects.requireNonNull(slots[(head + index) & (slots.length - 1)]);
    }

    /** The place of the first event that is not older than a revision. */
    int indexOf(long revision) {
        int lo = 0;
        int hi = size;
        while (lo < hi) {
            int middle = (lo + hi) >>> 1;
            if (get(middle).revision() < revision) {
                lo = middle + 1;
            } else {
                hi = middle;
            }
        }
        return lo;
    }
}
