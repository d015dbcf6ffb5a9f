package dev.keelson.log;

import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log directory back to one sound state after whatever ended the last run, or refuses it.
 *
 * <p>Thread rule: used once, on the thread that opens the log.
 */
final class LogRecovery {

    /*
     * What a crash can leave, and what is made of it.
     *
     * Model. Bytes are durable after a sync, names after a directory sync. Of what was written since, a power loss keeps
     * any subset in units of a sector; a process crash keeps all of it in the page cache, not yet durable.
     *
     * Batches. One append is a batch: its last record says so. A batch counts only when all of it is sound, so an append
     * happens entirely or not at all, and no hard state can be found without the entries that were written before it.
     *
     * Torn tail or damage. Say the records are sound up to position P and the one at P is not.
     *   (a) It was never synced: nobody was told of it, and it must go, or the member could never start again.
     *   (b) It was synced, perhaps acknowledged, and rotted: cutting it could undo a committed entry (the member that
     *       cut it may then elect a leader without it).
     * A later sound record alone does not tell the two apart, for of unsynced writes the later may survive and the
     * earlier not. But every record carries the position W up to which the log was known to be durable when the record
     * was written. A sound record behind P with W > P proves (b). Where no such record is found, everything behind P was
     * written after the last sync that anything here knows of, and (a) is assumed. What this cannot see is rot of the
     * very last sync's bytes when nothing was written after it; a clean close adds a mark that vouches for them, and so
     * does every start.
     *
     * Only the last segment can have a torn tail: its predecessors were synced before it got its name, and its header
     * says where they ended. The header itself was synced before the name was given. So damage there is (b) at once.
     *
     * The cut. Records behind P could be sound (written after the lost one). New records in their place could end exactly
     * where one of them begins, and then it would come to life: at once if it were left standing, and even if it were
     * overwritten, when the disk brings an old sector back. So nothing is ever written where something else was: where
     * anything stands behind P, the log goes on in a new segment, whose header says that this one ends at P.
     *
     * The tail that stays. It may stand in the page cache only: after a process crash, or worse, after a failed sync
     * whose pages the kernel has marked clean, so that another sync would do nothing and report success. This member is
     * about to count these entries as its own again. Therefore everything behind the last W is written once more and
     * then synced.
     *
     * Names. A segment is prepared under another name. A hole in the sequence numbers, or a beginning that no start
     * record explains, means that a file was lost: names were made durable before anything relied on them.
     * A header marked fresh voids all segments before it; whether they were deleted makes no difference.
     */

    private final SegmentFiles files;
    private final RecordReader reader;
    private final RecordWriter writer;
    private final long logId;
    private final EntryIndex index;

    private final List<Segment> everOpened = new ArrayList<>();
    private final PendingBatch pending = new PendingBatch();
    private SnapshotMetadata start = SnapshotMetadata.NONE;
    private HardState hardState = HardState.EMPTY;
    private long synced;
    private boolean cut;

    /** What was found: the segments, the last of them open for appending, and the state they tell. */
    record Recovered(List<Segment> segments, SnapshotMetadata start, HardState hardState) {}

    /** An opened segment and its verified header. */
    private record Opened(Segment segment, SegmentHeader header, long bodyAt) {}

    LogRecovery(SegmentFiles files, RecordReader reader, RecordWriter writer, long logId, EntryIndex index) {
        this.files = files;
        this.reader = reader;
        this.writer = writer;
        this.logId = logId;
        this.index = index;
    }

    Recovered recover() throws IOException {
        try {
            return recoverOrRefuse();
        } catch (IOException | RuntimeException refused) {
            for (Segment segment : everOpened) {
                segment.file().close();
            }
            throw refused;
        }
    }

    private Recovered recoverOrRefuse() throws IOException {
        List<SegmentFiles.Name> names = files.prepare();
        if (names.isEmpty()) {
            index.clear(0, 0);
            var header = new SegmentHeader(0, true, 0, 0, start, hardState);
            return new Recovered(List.of(files.create(1, header, writer)), start, hardState);
        }
        List<Opened> opened = openLiving(names);
        SegmentHeader first = opened.getFirst().header();
        index.clear(first.previousIndex(), first.previousTerm());
        for (int i = 0; i < opened.size(); i++) {
            Opened next = i + 1 < opened.size() ? opened.get(i + 1) : null;
            replay(opened.get(i), next);
        }
        checkStart(opened.getFirst().segment());
        index.dropThrough(start.index(), start.term());
        var segments = new ArrayList<>(opened.stream().map(Opened::segment).toList());
        if (cut) {
            segments.add(successor(segments.getLast()));
        }
        return new Recovered(segments, start, hardState);
    }

    /** Everything in {@code segment} that counts is durable. */
    private Segment successor(Segment segment) throws IOException {
        long last = index.lastIndex();
        long base = segment.base() + segment.end();
        var header = new SegmentHeader(base, false, last, index.term(last), start, hardState);
        Segment next = files.create(segment.sequence() + 1, header, writer);
        everOpened.add(next);
        return next;
    }

    /** Opens the segments from the last fresh one on, and deletes those it made void. */
    private List<Opened> openLiving(List<SegmentFiles.Name> names) throws IOException {
        var opened = new ArrayList<Opened>();
        int at = names.size() - 1;
        for (boolean more = true; more && at >= 0; at--) {
            Opened segment = openHeader(names.get(at));
            if (!opened.isEmpty()) {
                checkSuccessor(segment, opened.getLast());
            }
            opened.add(segment);
            more = !segment.header().fresh();
        }
        files.delete(
                names.subList(0, at + 1).stream().map(SegmentFiles.Name::path).toList());
        Collections.reverse(opened);
        return opened;
    }

    private Opened openHeader(SegmentFiles.Name name) throws IOException {
        Segment unread = files.open(name, 0);
        everOpened.add(unread);
        long size = unread.file().size();
        reader.open(unread.file(), unread.salt(), size);
        if (reader.peek(0) != SegmentFiles.MAGIC) {
            throw new CorruptLogException(name.path(), 0, "it does not begin as a segment of this format does");
        }
        if (reader.peek(Long.BYTES) != logId) {
            throw new CorruptLogException(
                    name.path(),
                    Long.BYTES,
                    String.format("it belongs to log %x, not to %x", reader.peek(Long.BYTES), logId));
        }
        String fault = reader.read(SegmentFiles.HEADER_AT);
        if (fault != null || reader.type() != RecordType.SEGMENT || reader.index() + 1 != name.firstIndex()) {
            throw new CorruptLogException(name.path(), SegmentFiles.HEADER_AT, "its header is damaged (" + fault + ")");
        }
        long bodyAt = reader.end();
        try {
            SegmentHeader header = SegmentHeader.decode(reader, reader.payload());
            var segment = new Segment(name.path(), unread.file(), name.sequence(), header.base(), unread.salt());
            segment.end(bodyAt);
            return new Opened(segment, header, bodyAt);
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            throw new CorruptLogException(name.path(), SegmentFiles.HEADER_AT, "its header makes no sense");
        }
    }

    private static void checkSuccessor(Opened before, Opened after) {
        if (before.segment().sequence() + 1 != after.segment().sequence()) {
            throw new CorruptLogException(
                    after.segment().path(),
                    0,
                    "the segment before it is missing: the next older one is "
                            + before.segment().path());
        }
    }

    private void replay(Opened opened, @Nullable Opened next) throws IOException {
        Segment segment = opened.segment();
        SegmentHeader header = opened.header();
        if (header.previousIndex() != index.lastIndex()) {
            throw new CorruptLogException(
                    segment.path(),
                    SegmentFiles.HEADER_AT,
                    "it follows index " + header.previousIndex() + " but the log before it ends at "
                            + index.lastIndex());
        }
        start = header.start();
        hardState = header.hardState();
        synced = header.base();
        long size = segment.file().size();
        long limit = next == null ? size : next.segment().base() - segment.base();
        reader.open(segment.file(), segment.salt(), Math.min(size, limit));
        long end = replayBatches(segment, opened.bodyAt());
        segment.end(end);
        if (next == null) {
            settleTail(segment, end, size);
        } else if (end != limit) {
            throw new CorruptLogException(
                    segment.path(), end, "a record that had been durable is damaged: " + faultAt(end));
        }
    }

    /** Applies batch after batch and returns the offset behind the last sound one. */
    private long replayBatches(Segment segment, long from) throws IOException {
        long end = from;
        pending.clear();
        for (long at = from; reader.read(at) == null; at = reader.end()) {
            try {
                pending.add(reader, segment.base() + at);
            } catch (BufferUnderflowException | IllegalArgumentException _) {
                throw new CorruptLogException(segment.path(), at, "its record makes no sense");
            }
            synced = Math.max(synced, reader.synced());
            if (reader.endOfBatch()) {
                apply(segment, end);
                end = reader.end();
            }
        }
        return end;
    }

    private void apply(Segment segment, long at) {
        for (int i = 0; i < pending.entries(); i++) {
            long entryIndex = pending.index(i);
            if (entryIndex > index.lastIndex() + 1) {
                throw new CorruptLogException(
                        segment.path(), at, "entry " + entryIndex + " follows entry " + index.lastIndex());
            }
            if (entryIndex < index.firstIndex()) {
                // What stood before was cut off; a start record, which comes later, tells the term of the entry before.
                index.clear(entryIndex - 1, 0);
            }
            index.truncateFrom(entryIndex);
            index.add(pending.term(i), pending.position(i));
        }
        HardState state = pending.hardState();
        if (state != null) {
            hardState = state;
        }
        SnapshotMetadata moved = pending.start();
        if (moved != null) {
            start = moved;
        }
        pending.clear();
    }

    private void checkStart(Segment first) {
        if (start.index() < index.firstIndex() - 1 || start.index() > index.lastIndex()) {
            throw new CorruptLogException(
                    first.path(),
                    0,
                    "the log starts after index " + start.index() + " but its segments hold " + index.firstIndex()
                            + " to " + index.lastIndex() + ": older ones are missing");
        }
    }

    private void settleTail(Segment segment, long end, long size) throws IOException {
        long tail = segment.base() + end;
        if (synced > tail) {
            throw new CorruptLogException(segment.path(), end, "a record that had been durable is damaged");
        }
        String fault = faultAt(end);
        for (long at = end; at < size; at += RecordFormat.ALIGNMENT) {
            if (peek(at, size) == 0) {
                continue;
            }
            cut = true;
            long recordAt = at - RecordFormat.TAG_AT;
            if (vouchesBehind(segment, recordAt, tail)) {
                throw new CorruptLogException(
                        segment.path(),
                        end,
                        "a record that had been durable is damaged (" + fault + "): the record at offset " + recordAt
                                + " was written after it was synced");
            }
        }
        writer.rewrite(segment, Math.max(0, synced - segment.base()), end);
        segment.file().sync();
    }

    /** Whether a sound record stands at {@code at} that was written when the log was durable beyond {@code tail}. */
    private boolean vouchesBehind(Segment segment, long at, long tail) throws IOException {
        if (segment.base() + at <= tail) {
            return false;
        }
        long tag = reader.peek(at + RecordFormat.TAG_AT);
        long claimed = RecordFormat.synced(tag);
        return RecordType.of(RecordFormat.typeCode(tag)) != null
                && claimed > tail
                && claimed <= segment.base() + at
                && reader.read(at) == null;
    }

    private long peek(long at, long size) throws IOException {
        if (at + RecordFormat.ALIGNMENT <= size) {
            return reader.peek(at);
        }
        return size - at;
    }

    private String faultAt(long offset) throws IOException {
        String fault = reader.read(offset);
        return fault == null ? "its batch is not complete" : fault;
    }

    /** The records of a batch whose end was not read yet. */
    private static final class PendingBatch {

        private long[] fields = new long[3 * 64];
        private int entries;
        private @Nullable HardState hardState;
        private @Nullable SnapshotMetadata start;

        void clear() {
            entries = 0;
            hardState = null;
            start = null;
        }

        void add(RecordReader reader, long position) throws IOException {
            switch (reader.type()) {
                case ENTRY, CONF_CHANGE -> addEntry(reader, position);
                case HARD_STATE ->
                    hardState = new HardState(
                            reader.term(), ByteBuffer.wrap(reader.payload()).getLong(), reader.index());
                case START ->
                    start = new SnapshotMetadata(
                            reader.index(), reader.term(), ConfStateCodec.decode(ByteBuffer.wrap(reader.payload())));
                case SEGMENT, MARK -> {}
            }
        }

        private void addEntry(RecordReader reader, long position) {
            if (3 * entries == fields.length) {
                fields = Arrays.copyOf(fields, 2 * fields.length);
            }
            fields[3 * entries] = reader.index();
            fields[3 * entries + 1] = reader.term();
            fields[3 * entries + 2] = position;
            entries++;
        }

        int entries() {
            return entries;
        }

        long index(int i) {
            return fields[3 * i];
        }

        long term(int i) {
            return fields[3 * i + 1];
        }

        long position(int i) {
            return fields[3 * i + 2];
        }

        @Nullable
        HardState hardState() {
            return hardState;
        }

        @Nullable
        SnapshotMetadata start() {
            return start;
        }
    }
}
