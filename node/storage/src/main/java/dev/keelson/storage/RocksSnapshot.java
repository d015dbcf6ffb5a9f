package dev.keelson.storage;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Snapshot;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;

/** A pinned sequence number of RocksDB; costs next to nothing until compaction would drop what it sees. */
final class RocksSnapshot implements Snapshot {

    private final RocksBackend backend;
    private final org.rocksdb.Snapshot pinned;
    private final ReadOptions options;

    RocksSnapshot(RocksBackend backend, org.rocksdb.Snapshot pinned) {
        this.backend = backend;
        this.pinned = pinned;
        this.options = new ReadOptions().setSnapshot(pinned);
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return backend.get(options, family, key);
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        return backend.ascend(options, family, lo, hi);
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        return backend.descend(options, family, lo, hi);
    }

    @Override
    public void close() {
        options.close();
        backend.release(pinned);
    }
}
