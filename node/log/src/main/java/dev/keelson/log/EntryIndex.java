package dev.keelson.log;

import dev.keelson.raft.log.LogStorage;
import java.util.Arrays;

/**
 * Where each entry lies and which term it has, in primitive arrays.
 *
 * <p>Positions rise with the index: an entry that replaces others is written behind all of them, and so is every entry
 * after it. Terms are kept as runs, since they change only with the leader.
 *
 * <p>Thread rule: guarded by the monitor of the log.
 */
final class EntryIndex {

    private long previousIndex;
    private long previousTerm;
    private long[] positions = new long[1024];
    private int head;
    private int count;
    private long[] runFirst = new long[4];
    private long[] runTerm = new long[4];
    private int runs;

    /** Forgets everything; the next entry is {@code index + 1}. */
    void clear(long index, long term) {
        previousIndex = index;
        previousTerm = term;
        head = 0;
        count = 0;
        runs = 0;
    }

    long firstIndex() {
        return previousIndex + 1;
    }

    long lastIndex() {
        return previousIndex + count;
    }

    long term(long index) {
        if (index <= previousIndex) {
            return index == previousIndex ? previousTerm : LogStorage.TERM_COMPACTED;
        }
        if (index > lastIndex()) {
            return LogStorage.TERM_UNAVAILABLE;
        }
        int run = runs - 1;
        if (index < runFirst[run]) {
            int found = Arrays.binarySearch(runFirst, 0, runs, index);
            run = found >= 0 ? found : -found - 2;
        }
        return runTerm[run];
    }

    /** The position of an entry between first and last. */
    long position(long index) {
        return positions[head + (int) (index - previousIndex) - 1];
    }

    /** Adds the entry after the last. */
    void add(long term, long position) {
        if (head + count == positions.length) {
            makeRoom();
        }
        positions[head + count] = position;
        count++;
        if (runs == 0 || runTerm[runs - 1] != term) {
            if (runs == runFirst.length) {
                runFirst = Arrays.copyOf(runFirst, 2 * runs);
                runTerm = Arrays.copyOf(runTerm, 2 * runs);
            }
            runFirst[runs] = lastIndex();
            runTerm[runs] = term;
            runs++;
        }
    }

    /** Forgets the entries at and after {@code index}. */
    void truncateFrom(long index) {
        count = (int) Math.min(count, index - previousIndex - 1);
        while (runs > 0 && runFirst[runs - 1] >= index) {
            runs--;
        }
    }

    /** Forgets the entries at and before {@code index}, whose term is {@code term}. */
    void dropThrough(long index, long term) {
        int dropped = (int) (index - previousIndex);
        head += dropped;
        count -= dropped;
        previousIndex = index;
        previousTerm = term;
        int gone = 0;
        while (gone + 1 < runs && runFirst[gone + 1] <= index + 1) {
            gone++;
        }
        runs = count == 0 ? 0 : runs - gone;
        System.arraycopy(runFirst, gone, runFirst, 0, runs);
        System.arraycopy(runTerm, gone, runTerm, 0, runs);
    }

    private void makeRoom() {
        long[] target = count > positions.length / 2 ? new long[2 * positions.length] : positions;
        System.arraycopy(positions, head, target, 0, count);
        positions = target;
        head = 0;
    }
}
