package dev.keelson.sim.disk;

import dev.keelson.log.file.CrashFileSystem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * What a disk knows of the sectors under one file beyond their bytes.
 *
 * <p>Thread rule: one thread.
 */
final class Surface {

    static final int SECTOR_BYTES = CrashFileSystem.SECTOR_BYTES;

    /** How many former sectors of a file are remembered. */
    private static final int FORMER_MAX = 64;

    private final BitSet unreadable = new BitSet();
    private final BitSet pending = new BitSet();
    private BitSet lastSynced = new BitSet();
    private final Deque<Former> former = new ArrayDeque<>();
    private boolean deceived;

    /** A sector as it was before it was written again. */
    record Former(int sector, byte[] bytes) {}

    static int sector(long at) {
        return Math.toIntExact(at / SECTOR_BYTES);
    }

    private static int sectorsEnd(long end) {
        return sector(end + SECTOR_BYTES - 1);
    }

    void remember(Former sector) {
        if (former.size() == FORMER_MAX) {
            former.removeFirst();
        }
        former.addLast(sector);
    }

    /** The former sectors that are not {@link #spared}, the oldest first. */
    List<Former> former() {
        var found = new ArrayList<Former>();
        for (Former sector : former) {
            if (!spared(sector.sector())) {
                found.add(sector);
            }
        }
        return found;
    }

    void written(long from, long to) {
        pending.set(sector(from), sectorsEnd(to));
        unreadable.clear(sectorsEnd(from), Math.max(sectorsEnd(from), sector(to)));
    }

    void truncated(long size) {
        int end = sectorsEnd(size);
        unreadable.clear(end, Math.max(end, unreadable.length()));
        former.removeIf(sector -> sector.sector() >= end);
    }

    void synced() {
        deceived = false;
        if (!pending.isEmpty()) {
            lastSynced = (BitSet) pending.clone();
            pending.clear();
        }
    }

    /** A sync reported success for nothing. */
    void deceived() {
        deceived |= !pending.isEmpty();
    }

    boolean isDeceived() {
        return deceived;
    }

    /** Everything that was pending was kept or lost. */
    void settled() {
        deceived = false;
        pending.clear();
    }

    /** Whether a sector holds bytes that are not synced yet or only since the last sync. */
    boolean spared(int sector) {
        return pending.get(sector) || lastSynced.get(sector);
    }

    void makeUnreadable(int sector) {
        unreadable.set(sector);
    }

    /** Where in {@code [from, to)} the first sector lies that cannot be read, or a negative number. */
    long firstUnreadable(long from, long to) {
        int sector = unreadable.nextSetBit(sector(from));
        return sector < 0 || (long) sector * SECTOR_BYTES >= to ? -1 : (long) sector * SECTOR_BYTES;
    }

    /** Whether a write of {@code [from, to)} would have to read the rest of a sector that cannot be read. */
    boolean blocks(long from, long to) {
        return from % SECTOR_BYTES != 0 && unreadable.get(sector(from))
                || to % SECTOR_BYTES != 0 && unreadable.get(sector(to));
    }
}
