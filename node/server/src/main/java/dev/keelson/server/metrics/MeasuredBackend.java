package dev.keelson.server.metrics;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.backend.Snapshot;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A backend whose writes and flushes are measured, and the latter prepared: they take room on the disk. */
public final class MeasuredBackend implements Backend {

    private final Backend backend;
    private final DiskMetrics metrics;
    private final Runnable beforeFlush;

    public MeasuredBackend(Backend backend, DiskMetrics metrics, Runnable beforeFlush) {
        this.backend = backend;
        this.metrics = metrics;
        this.beforeFlush = beforeFlush;
    }

    @Override
    public void write(Consumer<Mutations> batch) {
        long began = System.nanoTime();
        backend.write(batch);
        metrics.commit.recordSince(began);
    }

    @Override
    public void flush() {
        beforeFlush.run();
        long began = System.nanoTime();
        backend.flush();
        metrics.flush.recordSince(began);
    }

    @Override
    public Snapshot snapshot() {
        return backend.snapshot();
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return backend.get(family, key);
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        return backend.ascend(family, lo, hi);
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        return backend.descend(family, lo, hi);
    }

    @Override
    public void close() {
        backend.close();
    }
}
