package dev.keelson.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets logs live on disks that fail in one way each: what was acknowledged is found, or the log refuses by name. More
 * with {@code -Ddisk.seeds}.
 */
class LogOnDiskTest {

    private static final int SEEDS = Integer.getInteger("disk.seeds", 400);
    private static final int STEPS = 120;

    @ParameterizedTest
    @EnumSource(DiskFault.class)
    void aLogOnAFaultyDiskKeepsItsWordOrRefuses(DiskFault kind) {
        boolean drawn = kind != DiskFault.POWER_LOSS && kind != DiskFault.FULL_DISK;
        var counts = new FaultCounts();
        int refusals = 0;
        int starts = 0;
        int losses = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            DiskFaults faults = drawn ? DiskFaults.NONE.with(kind, rate(random)) : DiskFaults.NONE;
            var disk = new SimDisk(faults, random, DamageBudget.UNLIMITED, FaultListener.NONE);
            var run = new LogOnDiskRun(disk, random);
            try {
                refusals += run.run(STEPS) ? 0 : 1;
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(kind + ", seed " + seed + ": " + failure.getMessage(), failure);
            }
            counts.addAll(disk.counts());
            starts += run.starts();
            losses += run.losses();
        }
        System.out.println(kind + ": " + SEEDS + " seeds, " + starts + " starts, " + losses + " power losses, "
                + refusals + " refusals, " + counts);

        assertThat(counts.of(kind)).isGreaterThan(SEEDS / 4);
        assertThat(starts).isGreaterThan(SEEDS);
        assertThat(refusals).isLessThan(SEEDS);
    }

    private static double rate(Random random) {
        return 0.01 + 0.1 * random.nextDouble();
    }
}
