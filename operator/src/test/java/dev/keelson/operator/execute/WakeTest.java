package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What wakes the operator may be lost, come twice, late, or in another order than it happened: since a pass reads the servers and
 * keeps nothing, all of that comes to passes at other moments.
 */
final class WakeTest {
    private static final int TURNS_MAX = 400;

    @Test
    void whenEveryEventIsLostTheOperatorLooksByItself() {
        World world = new World();

        live(world, new Random(1), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whenSomeEventsAreLostAndOthersComeAtAnyTimeTheEndIsTheSame(int seed) {
        World world = new World();

        live(world, new Random(seed), 30);
    }

    @Test
    void aClusterThatRestsIsLookedAtTwiceAMinute() {
        World world = new World();
        live(world, new Random(1), 0);
        int passes = world.passes();

        for (int turn = 0; turn < 60; turn++) {
            world.turn(false);
        }

        assertThat(world.passes() - passes).isBetween(18, 21);
    }

    private static void live(World world, Random random, int percent) {
        world.apply(ClusterSpec.defaults());
        settle(world, random, percent);
        world.edit(World.with("{\"server\":{\"quotaBytes\":\"4Gi\"}}"));
        settle(world, random, percent);
        world.deleteClaim("c-1");
        world.deletePod("c-1");
        world.turn(false);
        settle(world, random, percent);
        world.edit(World.with("{\"members\":1}"));
        settle(world, random, percent);
        assertThat(world.kubernetes().names(Pod.class))
                .isEqualTo(List.copyOf(world.store().hosts()));
    }

    private static void settle(World world, Random random, int percent) {
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            world.turn(random.nextInt(100) < percent);
            if (world.isSettled()) {
                return;
            }
        }
        throw new AssertionError("never settled: " + world.status());
    }
}
