package dev.keelson.server.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Metrics of parts that etcd has and this server has not: a proxy, a store of the second API, the pages of its file and
 * their defragmentation, an index in memory. They never did anything here, which is what the figures say; dashboards that
 * ask find an answer.
 */
public final class AbsentParts implements MetricSource {

    private static final String NOT_HERE = "Of a part of etcd that this server does not have.";

    private static final List<String> COUNTERS = List.of(
            "etcd_debugging_store_expires_total",
            "etcd_debugging_store_watch_requests_total",
            "etcd_grpc_proxy_events_coalescing_total");

    private static final List<String> GAUGES = List.of(
            "etcd_debugging_store_watchers",
            "etcd_grpc_proxy_cache_hits_total",
            "etcd_grpc_proxy_cache_keys_total",
            "etcd_grpc_proxy_cache_misses_total",
            "etcd_grpc_proxy_watchers_coalescing_total");

    private static final List<String> DURATIONS = List.of(
            "etcd_debugging_disk_backend_commit_rebalance_duration_seconds",
            "etcd_debugging_disk_backend_commit_spill_duration_seconds",
            "etcd_debugging_snap_save_marshalling_duration_seconds");

    @Override
    public void collect(Exposition out) {
        var never = new LongAdder();
        COUNTERS.forEach(name -> out.counter(name, NOT_HERE, never));
        GAUGES.forEach(name -> out.gauge(name, NOT_HERE, 0));
        DURATIONS.forEach(name -> out.histogram(name, NOT_HERE, Histogram.ofSeconds(0.001, 14)));
        out.histogram(
                "etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds",
                NOT_HERE,
                Histogram.ofMillis(0.5, 14));
    }
}
