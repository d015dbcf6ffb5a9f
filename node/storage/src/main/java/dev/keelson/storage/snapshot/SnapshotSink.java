package dev.keelson.storage.snapshot;

import java.nio.file.Path;

/** Writes a stream of chunks into a directory and verifies it. */
public final class SnapshotSink implements AutoCloseable {

    private SnapshotSink() {}

    /** Starts receiving into {@code directory}, which must not exist yet. */
    public static SnapshotSink open(Path directory) {
        throw new UnsupportedOperationException();
    }

    /** Takes the next chunk, in the order they were sent. */
    public void accept(SnapshotChunk chunk) {
        throw new UnsupportedOperationException();
    }

    /** Verifies that everything has come, makes it durable and returns the directory. */
    public Path complete() {
        throw new UnsupportedOperationException();
    }

    /** Deletes what was received, unless it is {@link #complete}. */
    @Override
    public void close() {}
}
