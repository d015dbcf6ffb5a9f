package dev.keelson.log;

import dev.keelson.raft.log.Entry;
import java.util.ArrayList;
import java.util.List;

/** The result of a read of entries: at least one, then as many as fit in a number of bytes. */
final class EntryCollector {

    private static final int EXPECTED_MAX = 1024;

    private final long bytesMax;
    private final ArrayList<Entry> entries;
    private long bytes;
    private boolean full;

    EntryCollector(long count, long bytesMax) {
        this.bytesMax = bytesMax;
        this.entries = new ArrayList<>((int) Math.clamp(count, 0, EXPECTED_MAX));
    }

    /** Whether an entry that counts {@code sizeBytes} still fits; once one does not, the collector is full. */
    boolean takes(int sizeBytes) {
        full = full || !entries.isEmpty() && bytes + sizeBytes > bytesMax;
        return !full;
    }

    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.sizeBytes();
    }

    boolean isFull() {
        return full;
    }

    int size() {
        return entries.size();
    }

    List<Entry> entries() {
        return entries;
    }
}
