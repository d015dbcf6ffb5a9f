package dev.keelson.storage.snapshot;

import java.nio.file.Path;

/** Reads a checkpoint as a stream of chunks. */
public final class SnapshotSource implements AutoCloseable {

    private SnapshotSource() {}

    /** Opens the checkpoint in {@code directory}. */
    public static SnapshotSource open(Path directory) {
        throw new UnsupportedOperationException();
    }

    public boolean hasNext() {
        throw new UnsupportedOperationException();
    }

    public SnapshotChunk next() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of all files together. */
    public long sizeBytes() {
        throw new UnsupportedOperationException();
    }

    /** Ends reading; deletes the checkpoint. */
    @Override
    public void close() {}
}
