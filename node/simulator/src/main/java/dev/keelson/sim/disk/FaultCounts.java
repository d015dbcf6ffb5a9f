package dev.keelson.sim.disk;

import java.util.EnumMap;

/**
 * How many faults were injected of each kind.
 *
 * <p>Thread rule: one thread.
 */
public final class FaultCounts {

    private final EnumMap<DiskFault, Long> counts = new EnumMap<>(DiskFault.class);

    public void add(DiskFault kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    public void addAll(FaultCounts others) {
        others.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
    }

    public long of(DiskFault kind) {
        return counts.getOrDefault(kind, 0L);
    }

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
