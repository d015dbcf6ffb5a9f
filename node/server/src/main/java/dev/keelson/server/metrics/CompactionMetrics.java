package dev.keelson.server.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures compactions.
 *
 * <p>Thread rule: recorded by the background worker, read by any.
 */
final class CompactionMetrics implements MetricSource {

    private final Histogram steps = Histogram.ofMillis(1, 13);
    private final Histogram totals = Histogram.ofMillis(100, 14);
    private final LongAdder removed = new LongAdder();
    private volatile long finishedMillis;

    void stepped(long began) {
        steps.recordSince(began);
    }

    void finished(long revisions, long tookNanos) {
        totals.record(tookNanos);
        removed.add(revisions);
        finishedMillis = System.currentTimeMillis();
    }

    @Override
    public void collect(Exposition out) {
        out.histogram(
                "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
                "How long the parts took into which compactions are split.",
                steps);
        out.histogram(
                "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds", "How long compactions took.", totals);
        out.counter(
                "etcd_debugging_mvcc_db_compaction_keys_total", "Revisions of keys that compactions removed.", removed);
        out.gauge(
                "etcd_debugging_mvcc_db_compaction_last",
                "When the last compaction ended, in seconds since 1970; 0 before the first.",
                TimeUnit.MILLISECONDS.toSeconds(finishedMillis));
    }
}
