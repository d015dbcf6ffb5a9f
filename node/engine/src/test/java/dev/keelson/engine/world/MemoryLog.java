package dev.keelson.engine.world;

import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory that forgets at a crash what was not synced. */
public class MemoryLog implements DurableLog {

    private Image live = new Image(SnapshotMetadata.NONE, HardState.EMPTY, List.of());
    private Image durable = live;

    private record Image(SnapshotMetadata start, HardState hardState, List<Entry> entries) {}

    /** What a restart finds. */
    void crash() {
        live = durable;
    }

    @Override
    public HardState hardState() {
        return live.hardState;
    }

    @Override
    public SnapshotMetadata start() {
        return live.start;
    }

    @Override
    public void append(@Nullable HardState hardState, List<Entry> entries) {
        var kept = new ArrayList<>(live.entries);
        if (!entries.isEmpty()) {
            long from = entries.getFirst().index();
            if (from > lastIndex() + 1 || from < firstIndex()) {
                throw new IllegalArgumentException(
                        "appending at " + from + " to a log of " + firstIndex() + " to " + lastIndex());
            }
            kept.subList((int) (from - firstIndex()), kept.size()).clear();
            kept.addAll(entries);
        }
        live = new Image(live.start, hardState == null ? live.hardState : hardState, kept);
    }

    @Override
    public void sync() {
        durable = live;
    }

    @Override
    public void reset(SnapshotMetadata metadata, HardState hardState) {
        live = new Image(metadata, hardState, List.of());
        durable = live;
    }

    @Override
    public void cut(SnapshotMetadata upTo) {
        live = cut(live, upTo);
        durable = cut(durable, upTo);
    }

    private static Image cut(Image image, SnapshotMetadata upTo) {
        List<Entry> kept = image.entries.stream()
                .filter(entry -> entry.index() > upTo.index())
                .toList();
        return new Image(upTo, image.hardState, kept);
    }

    @Override
    public long bytesAfter(long index) {
        return live.entries.stream()
                .filter(entry -> entry.index() > index)
                .mapToLong(Entry::sizeBytes)
                .sum();
    }

    @Override
    public long firstIndex() {
        return live.start.index() + 1;
    }

    @Override
    public long lastIndex() {
        return live.start.index() + live.entries.size();
    }

    @Override
    public long term(long index) {
        if (index == live.start.index()) {
            return live.start.term();
        }
        if (index < live.start.index()) {
            return TERM_COMPACTED;
        }
        return index > lastIndex() ? TERM_UNAVAILABLE : at(index).term();
    }

    private Entry at(long index) {
        return live.entries.get((int) (index - firstIndex()));
    }

    @Override
    public List<Entry> entries(long lo, long hi, long bytesMax) {
        if (lo < firstIndex() || hi > lastIndex() + 1) {
            throw new IndexOutOfBoundsException("[" + lo + ", " + hi + ") of " + firstIndex() + " to " + lastIndex());
        }
        var found = new ArrayList<Entry>();
        long bytes = 0;
        for (long index = lo; index < hi; index++) {
            Entry entry = at(index);
            bytes += entry.sizeBytes();
            if (!found.isEmpty() && bytes > bytesMax) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    @Override
    public void close() {}
}
