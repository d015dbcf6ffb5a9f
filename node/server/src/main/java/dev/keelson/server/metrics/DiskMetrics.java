package dev.keelson.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Measures what a member's disk does.
 *
 * <p>Thread rule: any thread.
 */
public final class DiskMetrics implements MetricSource {

    private static final double MILLISECOND = 0.001;

    final Histogram logSync = Histogram.ofSeconds(MILLISECOND, 14);
    final Histogram logWrite = Histogram.ofSeconds(MILLISECOND, 14);
    final LongAdder logBytes = new LongAdder();
    final Histogram commit = Histogram.ofSeconds(MILLISECOND, 14);
    final Histogram flush = Histogram.ofSeconds(MILLISECOND, 14);
    private final Histogram snapshot = Histogram.ofSeconds(0.01, 17);
    private final Histogram snapshotTaken = Histogram.ofSeconds(0.1, 10);
    private final Histogram snapshotVerified = Histogram.ofSeconds(MILLISECOND, 14);
    private final LongAdder installing = new LongAdder();
    private final Histogram defragmentation = Histogram.ofSeconds(0.1, 13);
    private final LongAdder defragmenting = new LongAdder();

    /** A frozen state of the store was streamed to its end since {@code began}. */
    public void snapshotSent(long began) {
        snapshot.recordSince(began);
    }

    /** A snapshot came whole: begun at {@code began}, all its bytes written at {@code written}, verified now. */
    public void snapshotTaken(long began, long written) {
        snapshotTaken.recordSince(began);
        snapshotVerified.recordSince(written);
    }

    /** A received snapshot takes the store's place. */
    public void installBegins() {
        installing.increment();
    }

    /** It has taken it, or failed to. */
    public void installEnds() {
        installing.decrement();
    }

    /** The files are about to be rewritten without what was removed. */
    public void defragmentationBegins() {
        defragmenting.increment();
    }

    /** They have been since {@code began}, or that was given up. */
    public void defragmentationEnds(long began) {
        defragmenting.decrement();
        defragmentation.recordSince(began);
    }

    @Override
    public void collect(Exposition out) {
        out.histogram("etcd_disk_wal_fsync_duration_seconds", "How long syncs of the log took.", logSync);
        out.histogram("etcd_disk_wal_write_duration_seconds", "How long writes to the log took.", logWrite);
        out.gauge("etcd_disk_wal_write_bytes_total", "Bytes written to the log.", logBytes.sum());
        out.histogram("etcd_disk_backend_commit_duration_seconds", "How long atomic writes of the store took.", commit);
        out.histogram(
                "etcd_debugging_disk_backend_commit_write_duration_seconds",
                "How long the writing part of atomic writes of the store took.",
                commit);
        out.histogram(
                "etcd_disk_backend_snapshot_duration_seconds",
                "How long snapshots of the store took to be sent.",
                snapshot);
        out.histogram(
                "etcd_debugging_snap_save_total_duration_seconds",
                "How long flushes took, after which a restart replays nothing older.",
                flush);
        out.histogram("etcd_snap_fsync_duration_seconds", "How long flushes took to reach the disk.", flush);
        out.histogram(
                "etcd_snap_db_save_total_duration_seconds", "How long snapshots took to be received.", snapshotTaken);
        out.histogram(
                "etcd_snap_db_fsync_duration_seconds",
                "How long received snapshots took to be verified and synced.",
                snapshotVerified);
        out.gauge(
                "etcd_server_snapshot_apply_in_progress_total",
                "1 while a received snapshot takes the store's place.",
                installing.sum());
        out.gauge("etcd_disk_defrag_inflight", "1 while space is being given back.", defragmenting.sum());
        out.histogram(
                "etcd_disk_backend_defrag_duration_seconds",
                "How long it took to give space back, beside everything else.",
                defragmentation);
    }
}
