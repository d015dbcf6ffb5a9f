package dev.keelson.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the snapshots that pass between this member and one peer in one direction.
 *
 * <p>Thread rule: any thread.
 */
public final class SnapshotCounts {

    private final LongAdder inFlight = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Histogram durations = Histogram.ofSeconds(0.1, 10);

    SnapshotCounts() {}

    /** One is on its way; returns the moment that {@link #ended} wants. */
    public long began() {
        inFlight.increment();
        return System.nanoTime();
    }

    public void ended(long began, boolean whole) {
        inFlight.decrement();
        if (whole) {
            successes.increment();
            durations.recordSince(began);
        } else {
            failures.increment();
        }
    }

    /** Shows what was used. */
    void collect(String prefix, Labels labels, Exposition out) {
        long ended = successes.sum() + failures.sum();
        if (inFlight.sum() + ended > 0) {
            out.samples(prefix + "_inflights_total", Exposition.Type.GAUGE, "Snapshots that are on their way.")
                    .add(labels, inFlight.sum());
        }
        if (successes.sum() > 0) {
            out.samples(prefix + "_success", Exposition.Type.COUNTER, "Snapshots that came whole.")
                    .add(labels, successes.sum());
            out.samples(prefix + "_total_duration_seconds", Exposition.Type.HISTOGRAM, "How long snapshots took.")
                    .add(labels, durations);
        }
        if (failures.sum() > 0) {
            out.samples(prefix + "_failures", Exposition.Type.COUNTER, "Snapshots that did not come whole.")
                    .add(labels, failures.sum());
        }
    }
}
