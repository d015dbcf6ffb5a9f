package dev.keelson.e2e.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How often a fault is tried, {@code -De2e.cycles=N}, and a choice of victims that {@code -De2e.seed} repeats. */
public final class Cycles {

    private static final int DEFAULT = 5;

    private final String test;
    private final long seed = Long.getLong("e2e.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private Cycles(String test) {
        this.test = test;
    }

    public static Cycles of(String test) {
        return new Cycles(test);
    }

    public int count() {
        return Integer.getInteger("e2e.cycles", DEFAULT);
    }

    public Random random() {
        return random;
    }

    public <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** The one line that a test leaves behind. */
    public void summary(String text) {
        System.out.println(test + ", " + count() + " cycles, -De2e.seed=" + seed + ": " + text);
    }

    /** Median and 99th percentile, in words. */
    public static String spread(List<Long> millis) {
        List<Long> sorted = new ArrayList<>(millis);
        sorted.sort(null);
        return sorted.isEmpty()
                ? "none"
                : "median %d ms, p99 %d ms, of %d".formatted(at(sorted, 0.5), at(sorted, 0.99), sorted.size());
    }

    private static long at(List<Long> sorted, double part) {
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
