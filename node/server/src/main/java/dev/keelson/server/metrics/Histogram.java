package dev.keelson.server.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often values fell below each of a row of bounds.
 *
 * <p>Values are whole numbers of a small unit (nanoseconds for durations); bounds are shown in a larger one.
 *
 * <p>Thread rule: any thread; a reader that comes between two adders may see a value in one and not yet in the other.
 */
public final class Histogram {

    private final double[] bounds;
    private final long[] limits;
    private final long unit;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();

    private Histogram(double[] bounds, long unit) {
        this.bounds = bounds;
        this.unit = unit;
        this.limits = new long[bounds.length];
        this.counts = new LongAdder[bounds.length + 1];
        for (int at = 0; at < counts.length; at++) {
            counts[at] = new LongAdder();
            if (at < bounds.length) {
                limits[at] = Math.round(bounds[at] * unit);
            }
        }
    }

    /** Of durations in nanoseconds, shown in seconds: {@code count} bounds, each {@code 2} times the one before. */
    static Histogram ofSeconds(double first, int count) {
        return new Histogram(doubling(first, count), TimeUnit.SECONDS.toNanos(1));
    }

    /** Of durations in nanoseconds, shown in seconds. */
    static Histogram ofSeconds(double... bounds) {
        return new Histogram(bounds, TimeUnit.SECONDS.toNanos(1));
    }

    /** Of durations in nanoseconds, shown in milliseconds. */
    static Histogram ofMillis(double first, int count) {
        return new Histogram(doubling(first, count), TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** Of plain numbers. */
    static Histogram ofNumbers(double first, int count) {
        return new Histogram(doubling(first, count), 1);
    }

    private static double[] doubling(double first, int count) {
        double[] bounds = new double[count];
        bounds[0] = first;
        for (int at = 1; at < count; at++) {
            bounds[at] = bounds[at - 1] * 2;
        }
        return bounds;
    }

    public void record(long value) {
        int lo = 0;
        int hi = limits.length;
        while (lo < hi) {
            int middle = (lo + hi) >>> 1;
            if (value <= limits[middle]) {
                hi = middle;
            } else {
                lo = middle + 1;
            }
        }
        counts[lo].increment();
        sum.add(value);
    }

    /** Records the time since {@link System#nanoTime} was {@code began}. */
    public void recordSince(long began) {
        record(System.nanoTime() - began);
    }

    /** Whether nothing was recorded yet. */
    boolean isEmpty() {
        for (LongAdder count : counts) {
            if (count.sum() != 0) {
                return false;
            }
        }
        return true;
    }

    int size() {
        return bounds.length;
    }

    double bound(int at) {
        return bounds[at];
    }

    /** Values in the bucket below that bound and above the one before; at {@link #size}, above all. */
    long count(int at) {
        return counts[at].sum();
    }

    /** The sum of all values, as shown. */
    double sum() {
        return sum.sum() / (double) unit;
    }
}
