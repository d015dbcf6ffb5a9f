package dev.keelson.log;

import dev.keelson.log.file.FileSystem;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Raft log in a row of segment files.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Bytes that were written are never changed: an entry that replaces others is a later record with an index at or
 *       below the last, and replaces them again whenever the log is read.
 *   <li>Only the last segment is written. A new one begins after all before it was synced, and its header repeats what
 *       they would tell but for their entries, so any number of the oldest can go.
 *   <li>An append is a batch: after a crash all of it is there or none.
 *   <li>After a failed write or sync nothing is written any more.
 * </ul>
 *
 * <p>What a crash leaves and how it is repaired stands in {@link LogRecovery}.
 *
 * <p>Thread rule: everything of {@link DurableLog} itself on one thread, but for {@link #bytesAfter}; that and the reads
 * of {@code LogStorage} on any. The monitor of this object guards what both sides share and is never held during I/O.
 */
public final class SegmentedLog implements DurableLog {

    private static final byte[] NO_PAYLOAD = {};

    private final SegmentFiles files;
    private final LogConfig config;
    private final RecordWriter writer;
    private final EntryReader reader;

    // Guarded by the monitor.
    private final EntryIndex index = new EntryIndex();
    private final EntryCache cache;
    private final List<Segment> segments;
    private SnapshotMetadata start;
    private long endPosition;

    // The writing thread's own.
    private Segment active;
    private long allocated;
    private long syncedPosition;
    private @Nullable LogFailedException failure;

    private volatile HardState hardState;

    /**
     * Opens the log of a directory, or makes a new one.
     *
     * @throws CorruptLogException when something that had been durable is damaged or gone
     * @throws LogFailedException when the disk refuses
     */
    public static SegmentedLog open(FileSystem fileSystem, Path directory, LogConfig config) {
        try {
            return new SegmentedLog(new SegmentFiles(fileSystem, directory, config), config);
        } catch (IOException cause) {
            throw new LogFailedException("cannot open the log in " + directory + ": " + cause.getMessage(), cause);
        }
    }

    private SegmentedLog(SegmentFiles files, LogConfig config) throws IOException {
        this.files = files;
        this.config = config;
        this.cache = new EntryCache(config.cacheBytes());
        this.writer = new RecordWriter(config.bufferBytes());
        var records = new RecordReader(config.bufferBytes());
        this.reader = new EntryReader(records);
        var recovered = new LogRecovery(files, records, writer, config.logId(), index).recover();
        this.segments = new ArrayList<>(recovered.segments());
        this.start = recovered.start();
        this.hardState = recovered.hardState();
        this.active = segments.getLast();
        this.allocated = active.file().size();
        this.endPosition = active.base() + active.end();
        this.syncedPosition = endPosition;
        cache.clear(index.lastIndex() + 1);
        mark();
    }

    @Override
    public HardState hardState() {
        return hardState;
    }

    @Override
    public synchronized SnapshotMetadata start() {
        return start;
    }

    @Override
    public synchronized long firstIndex() {
        return index.firstIndex();
    }

    @Override
    public synchronized long lastIndex() {
        return index.lastIndex();
    }

    @Override
    public synchronized long term(long entryIndex) {
        return index.term(entryIndex);
    }

    @Override
    public synchronized long bytesAfter(long entryIndex) {
        if (entryIndex >= index.lastIndex()) {
            return 0;
        }
        return endPosition - index.position(Math.max(entryIndex + 1, index.firstIndex()));
    }

    @Override
    public List<Entry> entries(long lo, long hi, long bytesMax) {
        var found = new EntryCollector(hi - lo, bytesMax);
        EntryReader.@Nullable Plan plan = readCached(lo, lo, hi, found);
        while (plan != null) {
            try {
                reader.read(plan, found);
            } catch (IOException cause) {
                throw new LogFailedException("cannot read the log: " + cause.getMessage(), cause);
            } finally {
                release(plan);
            }
            plan = found.isFull() ? null : readCached(lo, lo + found.size(), hi, found);
        }
        return found.entries();
    }

    /** Takes {@code [next, hi)} out of memory, or plans how to get there when its beginning is no longer in memory. */
    private synchronized EntryReader.@Nullable Plan readCached(long lo, long next, long hi, EntryCollector found) {
        boolean inside = next >= index.firstIndex() && hi <= index.lastIndex() + 1;
        if (!inside && next > lo) {
            // Cut or replaced since the first part was read, which is as good as a shorter read.
            return null;
        }
        if (!inside) {
            throw new IndexOutOfBoundsException("entries [" + lo + ", " + hi + ") were asked for, the log holds ["
                    + index.firstIndex() + ", " + (index.lastIndex() + 1) + ")");
        }
        long inMemory = cache.firstIndex();
        if (next < hi && next < inMemory) {
            return EntryReader.plan(index, segments, next, Math.min(hi, inMemory), endPosition);
        }
        cache.read(next, hi, found);
        return null;
    }

    private synchronized void release(EntryReader.Plan plan) {
        plan.release();
    }

    @Override
    public void append(@Nullable HardState state, List<Entry> entries) {
        checkAppend(entries);
        if (entries.isEmpty() && state == null) {
            return;
        }
        guarded(() -> {
            if (active.end() >= config.segmentBytes()) {
                roll();
            }
            long firstAt = active.base() + active.end();
            long end = write(state, entries);
            synchronized (this) {
                publish(entries, firstAt);
                endPosition = active.base() + end;
            }
            if (state != null) {
                hardState = state;
            }
        });
    }

    private void checkAppend(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        long next = entries.getFirst().index();
        if (next < index.firstIndex() || next > index.lastIndex() + 1) {
            throw new IllegalArgumentException("entry " + next + " does not continue or replace a log that holds "
                    + index.firstIndex() + " to " + index.lastIndex());
        }
        long term = index.term(next - 1);
        for (int i = 0, size = entries.size(); i < size; i++) {
            Entry entry = entries.get(i);
            if (entry.index() != next + i || entry.term() < term) {
                throw new IllegalArgumentException(
                        "entry " + entry + " does not follow index " + (next + i - 1) + " of term " + term);
            }
            term = entry.term();
        }
    }

    /** Writes one batch at the end of the active segment and returns the offset behind it. */
    private long write(@Nullable HardState state, List<Entry> entries) throws IOException {
        allocate(entries);
        writer.begin(active, active.end());
        for (int i = 0, size = entries.size(); i < size; i++) {
            Entry entry = entries.get(i);
            boolean last = state == null && i == size - 1;
            RecordType type = switch (entry.type()) {
                case NORMAL -> RecordType.ENTRY;
                case CONF_CHANGE -> RecordType.CONF_CHANGE;
            };
            writer.add(entry.term(), entry.index(), entry.payload(), RecordFormat.tag(type, last, syncedPosition));
        }
        if (state != null) {
            byte[] vote = ByteBuffer.allocate(Long.BYTES).putLong(state.vote()).array();
            writer.add(state.term(), state.commit(), vote, tag(RecordType.HARD_STATE));
        }
        return finish();
    }

    private long finish() throws IOException {
        long end = writer.finish();
        active.end(end);
        return end;
    }

    private long tag(RecordType type) {
        return RecordFormat.tag(type, true, syncedPosition);
    }

    /** Keeps zeros ahead of the end, so that the sync of most batches finds the file's size unchanged. */
    private void allocate(List<Entry> entries) throws IOException {
        long need = active.end() + RecordFormat.size(Long.BYTES);
        for (int i = 0, size = entries.size(); i < size; i++) {
            need += RecordFormat.size(entries.get(i).payload().length);
        }
        if (need > allocated) {
            allocated = need + config.preallocateBytes();
            active.file().preallocate(allocated);
        }
    }

    private void publish(List<Entry> entries, long firstAt) {
        if (entries.isEmpty()) {
            return;
        }
        long first = entries.getFirst().index();
        if (first <= index.lastIndex()) {
            index.truncateFrom(first);
            cache.truncateFrom(first);
        }
        long at = firstAt;
        for (int i = 0, size = entries.size(); i < size; i++) {
            Entry entry = entries.get(i);
            index.add(entry.term(), at);
            at += RecordFormat.size(entry.payload().length);
        }
        cache.add(entries);
    }

    @Override
    public void sync() {
        guarded(this::syncActive);
    }

    private void syncActive() throws IOException {
        long end = active.base() + active.end();
        if (end > syncedPosition) {
            active.file().sync();
            syncedPosition = end;
        }
    }

    private void roll() throws IOException {
        syncActive();
        long last = index.lastIndex();
        startSegment(new SegmentHeader(syncedPosition, false, last, index.term(last), start, hardState));
    }

    private void startSegment(SegmentHeader header) throws IOException {
        Segment next = files.create(active.sequence() + 1, header, writer);
        active = next;
        allocated = next.file().size();
        syncedPosition = next.base() + next.end();
        synchronized (this) {
            segments.add(next);
            endPosition = syncedPosition;
        }
    }

    @Override
    public void reset(SnapshotMetadata metadata, HardState state) {
        guarded(() -> {
            long base = active.base() + active.end();
            var header = new SegmentHeader(base, true, metadata.index(), metadata.term(), metadata, state);
            startSegment(header);
            hardState = state;
            List<Path> gone;
            synchronized (this) {
                start = metadata;
                index.clear(metadata.index(), metadata.term());
                cache.clear(metadata.index() + 1);
                gone = retireOldest(segments.size() - 1);
            }
            files.delete(gone);
        });
    }

    @Override
    public void cut(SnapshotMetadata upTo) {
        if (upTo.index() > index.lastIndex()) {
            throw new IllegalArgumentException(
                    "the log ends at " + index.lastIndex() + ", it cannot be cut up to " + upTo.index());
        }
        int deletable = deletable(upTo.index());
        if (deletable == 0) {
            return;
        }
        if (index.term(upTo.index()) != upTo.term()) {
            throw new IllegalArgumentException("entry " + upTo.index() + " is of term " + index.term(upTo.index())
                    + ", the log cannot be cut at " + upTo);
        }
        guarded(() -> {
            // The start must be durable before a file goes: a log that lost its beginning for no reason is refused.
            writer.begin(active, active.end());
            writer.add(upTo.term(), upTo.index(), ConfStateCodec.encode(upTo.confState()), tag(RecordType.START));
            finish();
            syncActive();
            List<Path> gone;
            synchronized (this) {
                endPosition = syncedPosition;
                start = upTo;
                index.dropThrough(upTo.index(), upTo.term());
                cache.dropThrough(upTo.index());
                gone = retireOldest(deletable);
            }
            files.delete(gone);
        });
    }

    /** How many of the oldest segments hold no entry behind {@code upTo} that still counts. */
    private int deletable(long upTo) {
        if (upTo <= start.index()) {
            return 0;
        }
        long needed = upTo < index.lastIndex() ? index.position(upTo + 1) : Long.MAX_VALUE;
        int count = 0;
        while (count + 1 < segments.size() && segments.get(count + 1).base() <= needed) {
            count++;
        }
        return count;
    }

    private List<Path> retireOldest(int count) {
        var oldest = segments.subList(0, count);
        var paths = oldest.stream().map(Segment::path).toList();
        oldest.forEach(Segment::retire);
        oldest.clear();
        return paths;
    }

    /** Leaves a record that vouches for everything before it, see {@link LogRecovery}. */
    private void mark() throws IOException {
        writer.begin(active, active.end());
        writer.add(0, 0, NO_PAYLOAD, tag(RecordType.MARK));
        endPosition = active.base() + finish();
    }

    /** Makes everything durable and lets the files go; a log that failed only lets go. */
    @Override
    public void close() {
        try {
            if (failure == null) {
                guarded(() -> {
                    syncActive();
                    mark();
                    syncActive();
                });
            }
        } finally {
            synchronized (this) {
                retireOldest(segments.size());
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        if (failure != null) {
            throw failure;
        }
        try {
            step.run();
        } catch (IOException cause) {
            throw failed(cause);
        } catch (RuntimeException | Error cause) {
            // Half a batch may be written; another one in its place could leave the rest of it behind its own end.
            failed(cause);
            throw cause;
        }
    }

    private LogFailedException failed(Throwable cause) {
        var failed = new LogFailedException(
                "the log in " + files.directory() + " cannot go on: " + cause.getMessage(), cause);
        failure = failed;
        return failed;
    }
}
