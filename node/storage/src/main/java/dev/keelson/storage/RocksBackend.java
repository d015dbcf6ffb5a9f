package dev.keelson.storage;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.backend.Snapshot;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ordered store in RocksDB. */
public final class RocksBackend implements Backend {

    private RocksBackend() {}

    /** Opens the store of a directory, or makes a new one. */
    public static RocksBackend open(Path directory, StorageConfig config) {
        throw new UnsupportedOperationException();
    }

    /** The value that a crash at this moment would leave of a row; null when there is none. */
    public byte @Nullable [] getDurable(Family family, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** Freezes everything written so far as a store of its own in {@code target}, which must not exist yet. */
    public void checkpoint(Path target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(Consumer<Mutations> batch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Snapshot snapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
