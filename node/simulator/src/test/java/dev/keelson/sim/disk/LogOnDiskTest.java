package dev.keelson.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
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
        FaultCounts counts = liveAndTell(kind.ordinal(), kind.name(), random -> faults(List.of(kind), random));

        assertThat(counts.of(kind)).isGreaterThan(SEEDS / 4);
    }

    @Test
    void soItDoesWhenEverythingGoesWrongAtOnce() {
        FaultCounts counts = liveAndTell(99, "all at once", random -> faults(List.of(DiskFault.values()), random));

        assertThat(counts.total()).isGreaterThan(SEEDS);
    }

    private static DiskFaults faults(List<DiskFault> kinds, Random random) {
        DiskFaults faults = DiskFaults.NONE;
        for (DiskFault kind : kinds) {
            if (kind != DiskFault.POWER_LOSS && kind != DiskFault.FULL_DISK) {
                faults = faults.with(kind, (0.01 + 0.1 * random.nextDouble()) / kinds.size());
            }
        }
        return faults;
    }

    private static FaultCounts liveAndTell(long family, String name, Function<Random, DiskFaults> faults) {
        var counts = new FaultCounts();
        int refusals = 0;
        int starts = 0;
        int losses = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(family << 32 | seed);
            var disk = new SimDisk(faults.apply(random), random, DamageBudget.UNLIMITED, FaultListener.NONE);
            var run = new LogOnDiskRun(disk, random);
            try {
                refusals += run.run(STEPS) ? 0 : 1;
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(name + ", seed " + seed + ": " + failure.getMessage(), failure);
            }
            counts.addAll(disk.counts());
            starts += run.starts();
            losses += run.losses();
        }
        System.out.println(name + ": " + SEEDS + " seeds, " + starts + " starts, " + losses + " power losses, "
                + refusals + " refusals, " + counts);

        assertThat(starts).isGreaterThan(SEEDS);
        assertThat(refusals).isLessThan(SEEDS);
        return counts;
    }
}
