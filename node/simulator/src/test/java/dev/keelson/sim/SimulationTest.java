package dev.keelson.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dsim.seeds=N} and {@code -Dsim.first=S} say which seeds are run; one is replayed with {@code node/bin/simulate}. */
class SimulationTest {

    private static final long SEEDS = Long.getLong("sim.seeds", 2_400);
    private static final long FIRST = Long.getLong("sim.first", 0);
    private static final int JOBS = 2;

    /** From here on every goal has to be reached. */
    private static final long SEEDS_FOR_ALL_GOALS = 1_000;

    private static final double JUDGED_IN_PART_MAX = 0.02;

    @Test
    void noSeedViolatesAnythingAndTogetherTheyReachEveryGoal() throws InterruptedException {
        var sweep = new Sweep(new Arguments(SEEDS, FIRST, 0, -1, JOBS), System.out::println);

        sweep.run();

        System.out.println(sweep.summary());
        assertThat(sweep.violations()).isEmpty();
        assertThat(sweep.operations()).isGreaterThan(SEEDS * 500);
        assertThat(sweep.leaseOperations()).isGreaterThan(SEEDS * 10);
        assertThat(sweep.watchEvents()).isGreaterThan(SEEDS * 100);
        assertThat(sweep.judgedInPart()).as("histories judged in part").isLessThan((long) (SEEDS * JUDGED_IN_PART_MAX));
        if (SEEDS >= SEEDS_FOR_ALL_GOALS) {
            assertThat(Arrays.stream(Goal.values()).filter(goal -> sweep.goals().of(goal) == 0))
                    .as("goals never reached: the runs are too weak")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aSeedThatOnceFoundABugHolds(long seed) {
        assertThatCode(() -> Simulation.run(seed, Journal.NONE)).doesNotThrowAnyException();
    }

    @Test
    void aSeedRunTwiceGivesTheSameRun() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Simulation.run(seed, Journal.NONE).digest())
                    .as("seed " + seed)
                    .isEqualTo(Simulation.run(seed, Journal.NONE).digest());
        }
    }

    @Test
    void everySeedHasSeveralKindsOfFaults() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(Simulation.options(seed).active()).hasSizeGreaterThanOrEqualTo(SimulationOptions.ACTIVE_MIN);
        }
    }

    /** One seed a line, and behind it what it found. */
    static Stream<Long> corpus() {
        try (var in = Objects.requireNonNull(SimulationTest.class.getResourceAsStream("/seeds.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> Long.parseLong(line.split(" ", 2)[0]))
                            .toList()
                            .stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
