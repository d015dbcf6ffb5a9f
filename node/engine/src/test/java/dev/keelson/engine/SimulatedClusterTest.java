package dev.keelson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.world.Simulation;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whole nodes in a deterministic world where messages are lost and late, links are cut and members crash.
 *
 * <p>{@code -Dsim.seeds=N} runs N seeds, {@code -Dsim.seed=S} replays one; a failure names its seed.
 */
class SimulatedClusterTest {

    private static final long SEEDS = Long.getLong("sim.seeds", 150);

    @Test
    void clustersLoseNothingThatWasAcknowledgedAndAgreeInTheEnd() {
        Long replayed = Long.getLong("sim.seed");
        int snapshots = 0;
        int acknowledged = 0;
        for (long seed : replayed == null ? LongStream.range(0, SEEDS).toArray() : new long[] {replayed}) {
            try {
                Simulation.Outcome outcome = Simulation.run(seed);
                snapshots += outcome.snapshotsInstalled();
                acknowledged += outcome.acknowledgedWrites();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + " (replay with -Dsim.seed=" + seed + ")", failure);
            }
        }
        assertThat(acknowledged).as("acknowledged writes in all runs").isPositive();
        if (replayed == null) {
            assertThat(snapshots).as("snapshots installed in all runs").isPositive();
        }
    }

    @Test
    void aSeedRunTwiceGivesTheSameRun() {
        assertThat(Simulation.run(7)).isEqualTo(Simulation.run(7));
    }
}
