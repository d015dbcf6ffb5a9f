package dev.keelson.log;

import dev.keelson.raft.log.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The most recent entries, bounded by bytes, in a ring.
 *
 * <p>Thread rule: guarded by the monitor of the log.
 */
final class EntryCache {

    private final long bytesMax;
    private @Nullable Entry[] ring = new Entry[1024];
    private long firstIndex = 1;
    private int count;
    private long bytes;

    EntryCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Forgets everything; the next entry is {@code nextIndex}. */
    void clear(long nextIndex) {
        truncateFrom(firstIndex);
        firstIndex = nextIndex;
    }

    /** The first index that is here; one past the last of the log when none is. */
    long firstIndex() {
        return firstIndex;
    }

    /** Copies entries of {@code [lo, hi)}, all of which are here, into {@code target} until it is full. */
    void read(long lo, long hi, EntryCollector target) {
        for (long index = lo; index < hi; index++) {
            Entry entry = ring[slot(index)];
            if (entry == null) {
                throw new IllegalStateException("entry " + index + " should be in memory");
            }
            if (!target.takes(entry.sizeBytes())) {
                return;
            }
            target.add(entry);
        }
    }

    /** Adds the entries after the last and forgets the oldest above the limit. */
    void add(List<Entry> entries) {
        for (int i = 0, size = entries.size(); i < size; i++) {
            Entry entry = entries.get(i);
            if (count == ring.length) {
                grow();
            }
            ring[slot(firstIndex + count)] = entry;
            count++;
            bytes += entry.sizeBytes();
        }
        while (bytes > bytesMax) {
            dropFirst();
        }
    }

    void truncateFrom(long index) {
        while (count > 0 && firstIndex + count > index) {
            int slot = slot(firstIndex + count - 1);
            bytes -= sizeAt(slot);
            ring[slot] = null;
            count--;
        }
        if (count == 0) {
            firstIndex = index;
        }
    }

    void dropThrough(long index) {
        while (count > 0 && firstIndex <= index) {
            dropFirst();
        }
        firstIndex = Math.max(firstIndex, index + 1);
    }

    private void dropFirst() {
        int slot = slot(firstIndex);
        bytes -= sizeAt(slot);
        ring[slot] = null;
        firstIndex++;
        count--;
    }

    private int sizeAt(int slot) {
        Entry entry = ring[slot];
        return entry == null ? 0 : entry.sizeBytes();
    }

    private int slot(long index) {
        return (int) index & ring.length - 1;
    }

    private void grow() {
        var wider = new Entry[2 * ring.length];
        for (long index = firstIndex; index < firstIndex + count; index++) {
            wider[(int) index & wider.length - 1] = ring[slot(index)];
        }
        ring = wider;
    }
}
