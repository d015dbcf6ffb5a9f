package dev.keelson.raft.cluster;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory that forgets at a crash what was not synced, or any later part of it. */
public final class MemoryDisk implements LogStorage {

    /** What the disk says at one moment. */
    record Image(SnapshotMetadata start, HardState hardState, List<Entry> entries) {

        long lastIndex() {
            return start.index() + entries.size();
        }

        Entry at(long index) {
            return entries.get((int) (index - start.index() - 1));
        }

        Image with(@Nullable HardState newState, List<Entry> added) {
            List<Entry> kept = entries;
            if (!added.isEmpty()) {
                long from = added.getFirst().index();
                if (from > lastIndex() + 1 || from <= start.index()) {
                    throw new AssertionError(
                            "appending at " + from + " to a log of (" + start.index() + ", " + lastIndex() + "]");
                }
                kept = new ArrayList<>(entries.subList(0, (int) (from - start.index() - 1)));
                kept.addAll(added);
            }
            return new Image(start, newState == null ? hardState : newState, kept);
        }
    }

    private final List<Image> unsynced = new ArrayList<>();
    private Image visible = new Image(SnapshotMetadata.NONE, HardState.EMPTY, List.of());
    private Image durable = visible;

    public void append(@Nullable HardState hardState, List<Entry> entries) {
        visible = visible.with(hardState, entries);
        unsynced.add(visible);
    }

    public void sync() {
        durable = visible;
        unsynced.clear();
    }

    /** A crash; {@code survivors} of the unsynced appends happen to be on the disk all the same. */
    void crash(int survivors) {
        if (survivors > 0) {
            durable = unsynced.get(survivors - 1);
        }
        visible = durable;
        unsynced.clear();
    }

    /** A crash after which nothing is there that was not synced. */
    public void crashLosingEverything() {
        crash(0);
    }

    int unsyncedCount() {
        return unsynced.size();
    }

    public void reset(SnapshotMetadata metadata) {
        visible = new Image(metadata, visible.hardState, List.of());
        sync();
    }

    public void cut(SnapshotMetadata upTo) {
        if (upTo.index() <= durable.start.index()) {
            return;
        }
        visible = cut(visible, upTo);
        durable = cut(durable, upTo);
        unsynced.replaceAll(image -> cut(image, upTo));
    }

    private static Image cut(Image image, SnapshotMetadata upTo) {
        int dropped = (int) (upTo.index() - image.start.index());
        return new Image(upTo, image.hardState, List.copyOf(image.entries.subList(dropped, image.entries.size())));
    }

    Image durable() {
        return durable;
    }

    Image visible() {
        return visible;
    }

    public HardState hardState() {
        return visible.hardState;
    }

    @Override
    public long firstIndex() {
        return visible.start.index() + 1;
    }

    @Override
    public long lastIndex() {
        return visible.lastIndex();
    }

    @Override
    public long term(long index) {
        if (index == visible.start.index()) {
            return visible.start.term();
        }
        if (index < visible.start.index()) {
            return TERM_COMPACTED;
        }
        return index > lastIndex() ? TERM_UNAVAILABLE : visible.at(index).term();
    }

    @Override
    public List<Entry> entries(long lo, long hi, long bytesMax) {
        if (lo < firstIndex() || hi > lastIndex() + 1) {
            throw new IndexOutOfBoundsException("[" + lo + ", " + hi + ") of " + firstIndex() + " to " + lastIndex());
        }
        var found = new ArrayList<Entry>();
        long bytes = 0;
        for (long index = lo; index < hi; index++) {
            Entry entry = visible.at(index);
            bytes += entry.sizeBytes();
            if (!found.isEmpty() && bytes > bytesMax) {
                break;
            }
            found.add(entry);
        }
        return found;
    }
}
