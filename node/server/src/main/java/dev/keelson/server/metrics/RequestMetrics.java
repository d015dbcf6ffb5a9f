package dev.keelson.server.metrics;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.RequestKind;
import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.OperationResult;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures what an engine does.
 *
 * <p>Thread rule: any thread; no allocation, no lock.
 */
public final class RequestMetrics implements EngineProbe, MetricSource {

    private final OperationCounts operations = new OperationCounts();
    private final CompactionMetrics compactions = new CompactionMetrics();
    private final Map<RequestKind, Outcomes> requests = outcomes(() -> Histogram.ofSeconds(0.001, 14));
    private final Map<RequestKind, Outcomes> applies = outcomes(() -> Histogram.ofSeconds(0.0001, 20));
    private final Outcomes ranges = new Outcomes(() -> Histogram.ofSeconds(0.0001, 20));
    private final Histogram hashes = Histogram.ofSeconds(0.01, 15);
    private final Histogram hashesOfHistory = Histogram.ofSeconds(0.01, 15);
    private final Histogram leaseSeconds = Histogram.ofNumbers(1, 24);
    private final LongAdder slowApplies = new LongAdder();
    private final LongAdder proposalsFailed = new LongAdder();
    private final LongAdder readIndexesSlow = new LongAdder();
    private final LongAdder readIndexesFailed = new LongAdder();
    private final long slowApplyNanos;
    private final Listener listener;

    /** Hears of what is worth a line in the log. */
    public interface Listener {

        /** A command took longer to carry out than it should. */
        void appliedSlowly(RequestKind kind, long tookNanos);

        /** What was superseded at a revision is gone. */
        void compacted(long revision, long tookNanos);
    }

    /** How long it took, apart for what went well and what did not. */
    private record Outcomes(Histogram succeeded, Histogram failed) {

        Outcomes(Supplier<Histogram> make) {
            this(make.get(), make.get());
        }

        Histogram of(boolean success) {
            return success ? succeeded : failed;
        }
    }

    /** @param slowApplyMillis a command that takes longer is reported */
    public RequestMetrics(long slowApplyMillis, Listener listener) {
        this.slowApplyNanos = TimeUnit.MILLISECONDS.toNanos(slowApplyMillis);
        this.listener = listener;
    }

    private static Map<RequestKind, Outcomes> outcomes(Supplier<Histogram> make) {
        var all = new EnumMap<RequestKind, Outcomes>(RequestKind.class);
        for (RequestKind kind : RequestKind.values()) {
            all.put(kind, new Outcomes(make));
        }
        return all;
    }

    @Override
    public long begin() {
        return System.nanoTime();
    }

    @Override
    public void answered(RequestKind kind, boolean succeeded, long began) {
        record(requests, kind, succeeded, System.nanoTime() - began);
    }

    @Override
    public void applied(Command command, @Nullable Object result, long began) {
        long took = System.nanoTime() - began;
        RequestKind kind = RequestKind.of(command);
        record(applies, kind, result != null, took);
        if (took > slowApplyNanos) {
            slowApplies.increment();
            listener.appliedSlowly(kind, took);
        }
        if (result != null) {
            operations.write(command, result);
            if (command instanceof Command.LeaseGrant grant) {
                leaseSeconds.record(grant.ttlSeconds());
            }
        }
    }

    private static void record(Map<RequestKind, Outcomes> all, RequestKind kind, boolean succeeded, long took) {
        Outcomes outcomes = all.get(kind);
        if (outcomes != null) {
            outcomes.of(succeeded).record(took);
        }
    }

    @Override
    public void read(RequestKind kind, @Nullable OperationResult result, long began) {
        if (kind == RequestKind.RANGE) {
            ranges.of(result != null).recordSince(began);
        }
        if (result != null) {
            operations.read(result);
        }
    }

    @Override
    public void proposalFailed() {
        proposalsFailed.increment();
    }

    @Override
    public void readIndexSlow() {
        readIndexesSlow.increment();
    }

    @Override
    public void readIndexFailed() {
        readIndexesFailed.increment();
    }

    @Override
    public void hashed(boolean history, long began) {
        (history ? hashesOfHistory : hashes).recordSince(began);
    }

    @Override
    public void compactionStepped(long began) {
        compactions.stepped(began);
    }

    @Override
    public void compacted(long revision, long removed, long began) {
        long took = System.nanoTime() - began;
        compactions.finished(removed, took);
        listener.compacted(revision, took);
    }

    @Override
    public void collect(Exposition out) {
        operations.collect(out);
        compactions.collect(out);
        collect(
                out,
                "etcd_server_request_duration_seconds",
                "How long requests took until their answer.",
                (kind, success) -> Labels.of("success", success).and("type", kind.word()),
                requests);
        collect(
                out,
                "etcd_server_apply_duration_seconds",
                "How long commands of the log took to be carried out.",
                (kind, success) ->
                        Labels.of("op", kind.word(), "success", success).and("version", "v3"),
                applies);
        var range = out.samples(
                "etcd_server_range_duration_seconds", Exposition.Type.HISTOGRAM, "How long ranges took to be read.");
        addUsed(range, Labels.of("success", "false"), ranges.failed());
        addUsed(range, Labels.of("success", "true"), ranges.succeeded());
        out.histogram("etcd_mvcc_hash_duration_seconds", "How long hashes over all rows took.", hashes);
        out.histogram("etcd_mvcc_hash_rev_duration_seconds", "How long hashes over the history took.", hashesOfHistory);
        out.histogram("etcd_debugging_lease_ttl_total", "For how many seconds leases were granted.", leaseSeconds);
        out.counter("etcd_server_slow_apply_total", "Commands that took too long to be carried out.", slowApplies);
        out.counter(
                "etcd_server_proposals_failed_total",
                "Writes that were given up before the log answered.",
                proposalsFailed);
        out.counter(
                "etcd_server_slow_read_indexes_total", "Read indexes that had to be asked for again.", readIndexesSlow);
        out.counter(
                "etcd_server_read_indexes_failed_total",
                "Read indexes for want of which reads were given up.",
                readIndexesFailed);
    }

    private interface Naming {
        Labels labels(RequestKind kind, String success);
    }

    private static void collect(
            Exposition out, String name, String help, Naming naming, Map<RequestKind, Outcomes> all) {
        var samples = out.samples(name, Exposition.Type.HISTOGRAM, help);
        for (String success : new String[] {"false", "true"}) {
            all.forEach((kind, outcomes) ->
                    addUsed(samples, naming.labels(kind, success), outcomes.of(success.equals("true"))));
        }
    }

    private static void addUsed(Exposition.Samples samples, Labels labels, Histogram histogram) {
        if (!histogram.isEmpty()) {
            samples.add(labels, histogram);
        }
    }
}
