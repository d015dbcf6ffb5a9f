package dev.keelson.log;

import dev.keelson.log.file.FileSystem;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Raft log in segment files. */
public final class SegmentedLog implements DurableLog {

    private SegmentedLog() {}

    /** Opens the log of a directory, or makes a new one. */
    public static SegmentedLog open(FileSystem fileSystem, Path directory, LogConfig config) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HardState hardState() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SnapshotMetadata start() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void append(@Nullable HardState hardState, List<Entry> entries) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reset(SnapshotMetadata metadata, HardState hardState) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cut(SnapshotMetadata upTo) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long bytesAfter(long index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long firstIndex() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long lastIndex() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long term(long index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Entry> entries(long lo, long hi, long bytesMax) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
