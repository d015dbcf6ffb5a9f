package dev.keelson.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Journal;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@code -Dsim.seeds=N} runs N seeds, {@code -Dsim.seed=S} replays one; a failure names its seed. */
class SimulationTest {

    private static final long SEEDS = Long.getLong("sim.seeds", 150);

    @Test
    void noSeedViolatesAnything() {
        Long replayed = Long.getLong("sim.seed");
        var goals = new Goals();
        long operations = 0;
        long micros = 0;
        long begin = System.nanoTime();
        for (long seed : replayed == null ? LongStream.range(0, SEEDS).toArray() : new long[] {replayed}) {
            try {
                RunResult result = Simulation.run(seed, Journal.NONE);
                goals.addAll(result.goals());
                operations += result.operations();
                micros += result.simulatedMicros();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + " with " + Simulation.options(seed), failure);
            }
        }
        System.out.println(
                goals + " operations " + operations + " factor " + micros * 1000 / (System.nanoTime() - begin));
        assertThat(operations).isPositive();
    }

    @Test
    void aSeedRunTwiceGivesTheSameRun() {
        assertThat(Simulation.run(7, Journal.NONE).digest())
                .isEqualTo(Simulation.run(7, Journal.NONE).digest());
    }
}
