package dev.keelson.server.metrics;

import dev.keelson.server.http.ProbeListener;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how probes came out.
 *
 * <p>Thread rule: any thread.
 */
public final class HealthMetrics implements ProbeListener, MetricSource {

    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<Labels, Boolean> latest = new ConcurrentHashMap<>();
    private final Labelled<LongAdder> checks = new Labelled<>(LongAdder::new);

    @Override
    public void health(boolean healthy) {
        (healthy ? successes : failures).increment();
    }

    @Override
    public void checked(String probe, String check, boolean passed) {
        latest.put(Labels.of("name", check, "type", probe), passed);
        checks.with(Labels.of("name", check, "status", passed ? "success" : "error")
                        .and("type", probe))
                .increment();
    }

    @Override
    public void collect(Exposition out) {
        out.counter("etcd_server_health_success", "Answers of /health that said yes.", successes);
        out.counter("etcd_server_health_failures", "Answers of /health that said no.", failures);
        var results = out.samples(
                "etcd_server_healthcheck",
                Exposition.Type.GAUGE,
                "1 for a check of a probe that was passed the last time.");
        new TreeMap<>(latest).forEach((labels, passed) -> results.add(labels, passed ? 1 : 0));
        out.counters("etcd_server_healthchecks_total", "Checks of probes, by how they came out.", checks);
    }
}
