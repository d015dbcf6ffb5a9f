package dev.keelson.log;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import java.io.IOException;
import java.util.List;

/**
 * Reads entries that are no longer in memory from their segments.
 *
 * <p>A read is planned under the log's monitor, which pins the files, and done outside it: what is on disk at a position
 * never changes.
 *
 * <p>Thread rule: any; one read at a time.
 */
final class EntryReader {

    /** The most entries of one plan, so that planning holds the monitor only briefly. */
    private static final int ENTRIES_MAX = 4096;

    private final RecordReader records;

    EntryReader(RecordReader records) {
        this.records = records;
    }

    /**
     * Where the entries from {@code lo} on lie.
     *
     * @param end the position behind the last of them
     * @param segments the segments they lie in, pinned
     */
    record Plan(long lo, long[] positions, long end, List<Segment> segments) {

        void release() {
            segments.forEach(Segment::release);
        }
    }

    /** Plans to read {@code [lo, hi)} or the beginning of it; the log ends at position {@code logEnd}. */
    static Plan plan(EntryIndex index, List<Segment> segments, long lo, long hi, long logEnd) {
        var positions = new long[(int) Math.min(hi - lo, ENTRIES_MAX)];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = index.position(lo + i);
        }
        long behind = lo + positions.length;
        long end = behind <= index.lastIndex() ? index.position(behind) : logEnd;
        int from = segmentOf(segments, positions[0]);
        int to = segmentOf(segments, positions[positions.length - 1]);
        if (to + 1 < segments.size()) {
            end = Math.min(end, segments.get(to + 1).base());
        }
        var pinned = List.copyOf(segments.subList(from, to + 1));
        pinned.forEach(Segment::acquire);
        return new Plan(lo, positions, end, pinned);
    }

    private static int segmentOf(List<Segment> segments, long position) {
        int at = segments.size() - 1;
        while (segments.get(at).base() > position) {
            at--;
        }
        return at;
    }

    /** Reads the planned entries into {@code target} until it is full. */
    synchronized void read(Plan plan, EntryCollector target) throws IOException {
        int at = -1;
        for (int i = 0; i < plan.positions().length && !target.isFull(); i++) {
            long position = plan.positions()[i];
            int holder = segmentOf(plan.segments(), position);
            if (holder != at) {
                at = holder;
                turnTo(plan, at);
            }
            readOne(plan.segments().get(at), position, plan.lo() + i, target);
        }
    }

    private void turnTo(Plan plan, int at) {
        Segment segment = plan.segments().get(at);
        long end = at + 1 < plan.segments().size() ? plan.segments().get(at + 1).base() : plan.end();
        records.open(segment.file(), segment.salt(), end - segment.base());
    }

    private void readOne(Segment segment, long position, long index, EntryCollector target) throws IOException {
        long offset = position - segment.base();
        String fault = records.read(offset);
        if (fault != null) {
            throw new CorruptLogException(segment.path(), offset, "entry " + index + " is damaged: " + fault);
        }
        if (!records.type().isEntry() || records.index() != index) {
            throw new CorruptLogException(segment.path(), offset, "there is another record than entry " + index);
        }
        if (target.takes(records.length() + Entry.OVERHEAD_BYTES)) {
            EntryType type = records.type() == RecordType.ENTRY ? EntryType.NORMAL : EntryType.CONF_CHANGE;
            target.add(new Entry(records.term(), index, type, records.payload()));
        }
    }
}
