package dev.keelson.backup.archive;

import dev.keelson.backup.cluster.Change;
import dev.keelson.backup.full.BackupRefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The changes of a segment: marks of time, and behind each the changes that came then, in the order in which they are in
 * the history.
 *
 * <p>Invariants: revisions follow each other without a gap; one is never in two segments; marks never go back.
 *
 * <p>Thread rule: one thread.
 */
final class SegmentBody {

    private static final byte MARK = 'T';
    private static final byte PUT = 'P';
    private static final byte DELETION = 'D';

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final long lo;
    private long last;
    private long lastMillis;

    /** @param fromMillis the last mark of the segment before it */
    SegmentBody(long lo, long fromMillis) {
        this.lo = lo;
        this.last = lo - 1;
        this.lastMillis = fromMillis;
    }

    /** Receives what a body holds. */
    interface Visitor {

        /** A change; the first of a revision has {@code sub} 0. */
        void change(long millis, Change change, long sub);
    }

    /** Adds all changes of one or more revisions, which came at that time. */
    void add(long millis, List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        lastMillis = Math.max(millis, lastMillis);
        bytes.writeBytes(ByteBuffer.allocate(1 + Long.BYTES)
                .put(MARK)
                .putLong(lastMillis)
                .array());
        for (Change change : changes) {
            long revision = change.revision();
            if (revision != last + 1 && (revision != last || last < lo)) {
                throw new IllegalArgumentException("revision " + revision + " came behind " + last);
            }
            last = revision;
            bytes.writeBytes(ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
                    .put(change.deletion() ? DELETION : PUT)
                    .putLong(revision)
                    .putInt(change.row().length)
                    .array());
            bytes.writeBytes(change.row());
        }
    }

    /** The first revision behind it. */
    long hi() {
        return last + 1;
    }

    long lastMillis() {
        return lastMillis;
    }

    int size() {
        return bytes.size();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /**
     * Reads all of a body.
     *
     * @throws BackupRefusedException when it does not hold just the revisions that its header says
     */
    static void read(SegmentName name, Segment segment, Visitor visitor) {
        var in = ByteBuffer.wrap(segment.body());
        long last = segment.header().lo() - 1;
        long sub = -1;
        long millis = Long.MIN_VALUE;
        try {
            while (in.hasRemaining()) {
                byte kind = in.get();
                long number = in.getLong();
                if (kind == MARK) {
                    require(name, number >= millis);
                    millis = number;
                    continue;
                }
                require(name, kind == PUT || kind == DELETION);
                require(name, number == last + 1 || number == last && sub >= 0);
                byte[] row = new byte[Math.clamp(in.getInt(), 0, in.remaining())];
                in.get(row);
                sub = number == last ? sub + 1 : 0;
                last = number;
                visitor.change(millis, new Change(number, kind == DELETION, 0, row), sub);
            }
        } catch (BufferUnderflowException truncated) {
            throw new BackupRefusedException("segment " + name.object() + " is refused: it ends too early", truncated);
        }
        require(name, last + 1 == segment.header().hi());
    }

    private static void require(SegmentName name, boolean sound) {
        if (!sound) {
            throw Segment.refused(name, "its changes are not those that it says it has");
        }
    }
}
