package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Users edit, Pods and volumes are lost, members break and the operator crashes, at any moment; when that ends, the cluster is
 * what was last wanted. That no quorum is lost by the operator is checked by the world at every turn.
 */
final class RandomLifeTest {
    private static final int CHANGES = 12;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("operator.seeds", 30));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whenTheChangesEndTheClusterIsWhatWasWanted(long seed) {
        Random random = new Random(seed);
        World world = new World();
        world.apply(ClusterSpec.defaults());
        world.settle();

        for (int change = 0; change < CHANGES; change++) {
            change(world, random);
            int turns = random.nextInt(12);
            for (int turn = 0; turn < turns; turn++) {
                world.turn();
            }
        }
        for (String member : List.copyOf(world.membersEver())) {
            world.repairMember(member);
        }
        world.edit(World.with("{\"paused\":false}"));
        world.pass(Duration.ofMinutes(10));
        world.settle();
        world.turn();

        List<String> members = new ArrayList<>(world.store().hosts());
        assertThat(world.kubernetes().names(KeelsonMember.class)).containsExactlyInAnyOrderElementsOf(members);
        assertThat(world.kubernetes().names(Pod.class)).containsExactlyInAnyOrderElementsOf(members);
        assertThat(world.kubernetes().names(PersistentVolumeClaim.class)).hasSameSizeAs(members);
        assertThat(world.store().ids()).doesNotHaveDuplicates();
    }

    private static void change(World world, Random random) {
        List<String> hosts = world.store().hosts();
        String member = hosts.get(random.nextInt(hosts.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> world.edit(World.with("{\"members\":" + (1 + random.nextInt(5)) + "}"));
            case 2 ->
                world.edit(World.with("{\"podTemplate\":{\"annotations\":{\"x\":\"" + random.nextInt() + "\"}}}"));
            case 3 -> world.edit(World.with("{\"paused\":" + random.nextBoolean() + "}"));
            case 4 -> world.deletePod(member);
            case 5 -> {
                if (world.store().sparesOne()) {
                    world.deleteClaim(member);
                    world.deletePod(member);
                }
            }
            case 6 -> {
                if (world.store().sparesOne()) {
                    world.breakMember(member);
                }
            }
            default -> world.writes().crashAfter(world.writes().done().size() + 1 + random.nextInt(3));
        }
    }
}
