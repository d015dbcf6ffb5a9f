package dev.keelson.storage.etcdfile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which row of each key came last, for millions of keys: 12 bytes a key and some room.
 *
 * <p>Keys are told apart by 64 bits of a hash whose seed the caller draws: two keys of five million are taken for one once
 * in a million files, and never by anybody's doing.
 *
 * <p>Thread rule: one thread.
 */
final class LastRows {

    private static final VarHandle LANES = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
    private static final int CAPACITY_MIN = 1 << 10;
    private static final int FREE = 0;

    private final long seed;
    private long[] prints = new long[CAPACITY_MIN];
    private int[] rows = new int[CAPACITY_MIN];
    private int used;
    private int held;

    LastRows(long seed) {
        this.seed = seed;
    }

    /** Keys that have a row. */
    int size() {
        return held;
    }

    /** The row is the last of its key so far. Rows are numbered from 0 on. */
    void put(byte[] key, int row) {
        if ((used + 1L) * 4 > prints.length * 3L) {
            grow();
        }
        int slot = slot(prints, print(key));
        if (rows[slot] <= FREE) {
            held++;
        }
        if (prints[slot] == FREE) {
            used++;
        }
        prints[slot] = print(key);
        rows[slot] = row + 1;
    }

    /** The key has no last row any more. */
    void remove(byte[] key) {
        int slot = slot(prints, print(key));
        if (prints[slot] != FREE && rows[slot] > FREE) {
            rows[slot] = -1;
            held--;
        }
    }

    /** The last rows of all keys. */
    BitSet rows() {
        var set = new BitSet();
        for (int row : rows) {
            if (row > FREE) {
                set.set(row - 1);
            }
        }
        return set;
    }

    private void grow() {
        long[] formerPrints = prints;
        int[] formerRows = rows;
        prints = new long[Math.multiplyExact(formerPrints.length, 2)];
        rows = new int[prints.length];
        used = 0;
        for (int i = 0; i < formerPrints.length; i++) {
            if (formerPrints[i] != FREE && formerRows[i] > FREE) {
                int slot = slot(prints, formerPrints[i]);
                prints[slot] = formerPrints[i];
                rows[slot] = formerRows[i];
                used++;
            }
        }
    }

    private static int slot(long[] prints, long print) {
        int mask = prints.length - 1;
        int slot = (int) print & mask;
        while (prints[slot] != FREE && prints[slot] != print) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private long print(byte[] key) {
        long print = mix(seed ^ key.length);
        int lane = 0;
        for (; lane + Long.BYTES <= key.length; lane += Long.BYTES) {
            print = mix(print ^ (long) LANES.get(key, lane));
        }
        if (lane < key.length) {
            print = mix(print ^ (long) LANES.get(Arrays.copyOfRange(key, lane, lane + Long.BYTES), 0));
        }
        return print == FREE ? 1 : print;
    }

    private static long mix(long word) {
        long low = word * MULTIPLIER;
        return (low ^ Math.multiplyHigh(word, MULTIPLIER)) * MULTIPLIER ^ low >>> Integer.SIZE;
    }
}
