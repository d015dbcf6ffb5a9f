package dev.keelson.sim.disk;

import java.util.EnumMap;
import java.util.Map;

/**
 * How often a disk fails: for each kind the chance that a sync brings it on.
 *
 * <p>{@link DiskFault#POWER_LOSS} and {@link DiskFault#FULL_DISK} have no rate: the caller brings them on.
 *
 * @param rates chances between 0 and 1; a kind that is not named never happens
 */
public record DiskFaults(Map<DiskFault, Double> rates) {

    /** A disk without fault. */
    public static final DiskFaults NONE = new DiskFaults(Map.of());

    public DiskFaults {
        rates = Map.copyOf(rates);
        rates.forEach((kind, rate) -> {
            boolean drawn = kind != DiskFault.POWER_LOSS && kind != DiskFault.FULL_DISK;
            if (!drawn || !(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("a disk cannot fail by " + kind + " with a chance of " + rate);
            }
        });
    }

    public DiskFaults with(DiskFault kind, double rate) {
        var changed = new EnumMap<DiskFault, Double>(DiskFault.class);
        changed.putAll(rates);
        changed.put(kind, rate);
        return new DiskFaults(changed);
    }

    public double rate(DiskFault kind) {
        return rates.getOrDefault(kind, 0.0);
    }
}
