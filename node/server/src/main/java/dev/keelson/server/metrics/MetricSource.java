package dev.keelson.server.metrics;

/** A part that has figures to show. */
@FunctionalInterface
public interface MetricSource {

    /** Writes what the figures are now; on the thread of whoever asks, while others go on counting. */
    void collect(Exposition out);
}
