package dev.keelson.mvcc.lease;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Leases in the order of the moments at which they have to be looked at, and of their ids among equal ones: a binary heap
 * that knows the place of each, so that one that is gone leaves no trace.
 *
 * <p>Thread rule: under the lock of its {@link Lessor}.
 */
final class DueQueue {

    static final int NOWHERE = -1;
    private static final int CAPACITY_MIN = 16;

    private HeldLease[] heap = new HeldLease[CAPACITY_MIN];
    private int size;

    int size() {
        return size;
    }

    /** The one to look at first, or null. */
    @Nullable
    HeldLease first() {
        return size == 0 ? null : heap[0];
    }

    /** Puts it in, or moves it. */
    void put(HeldLease lease, long moment) {
        if (lease.queueIndex == NOWHERE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            lease.queueIndex = size;
            heap[size++] = lease;
        }
        lease.queuedMillis = moment;
        settle(lease);
    }

    void remove(HeldLease lease) {
        int index = lease.queueIndex;
        if (index == NOWHERE) {
            return;
        }
        lease.queueIndex = NOWHERE;
        HeldLease last = heap[--size];
        if (index != size) {
            heap[index] = last;
            last.queueIndex = index;
            settle(last);
        }
        forget(size);
    }

    /** Lets all of them go. */
    void clear() {
        heap = new HeldLease[CAPACITY_MIN];
        size = 0;
    }

    @SuppressWarnings("NullAway") // behind the last element of a heap there is nothing
    private void forget(int index) {
        heap[index] = null;
    }

    private void settle(HeldLease lease) {
        int index = rise(lease, lease.queueIndex);
        sink(lease, index);
    }

    private int rise(HeldLease lease, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!isBefore(lease, heap[parent])) {
                break;
            }
            place(heap[parent], index);
            index = parent;
        }
        place(lease, index);
        return index;
    }

    private void sink(HeldLease lease, int from) {
        int index = from;
        while (true) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], lease)) {
                break;
            }
            place(heap[child], index);
            index = child;
        }
        place(lease, index);
    }

    private void place(HeldLease lease, int index) {
        heap[index] = lease;
        lease.queueIndex = index;
    }

    private static boolean isBefore(HeldLease a, HeldLease b) {
        return a.queuedMillis != b.queuedMillis ? a.queuedMillis < b.queuedMillis : a.id < b.id;
    }
}
