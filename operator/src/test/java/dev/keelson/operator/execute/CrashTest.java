package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The operator ends after each single write of a life of a cluster, one run for each write, and its successor finishes what
 * was begun: nothing is left over, nothing is used twice, and no quorum is lost on the way (which the world checks).
 */
final class CrashTest {
    private static final List<Consumer<World>> LIFE = List.of(
            world -> world.apply(World.with("{\"members\":1}").apply(ClusterSpec.defaults())),
            world -> world.edit(World.with("{\"members\":3}")),
            world -> world.edit(World.with("{\"server\":{\"quotaBytes\":\"4Gi\"}}")),
            world -> {
                world.deleteClaim("c-0");
                world.deletePod("c-0");
                world.turn();
            },
            world -> world.edit(World.with("{\"members\":2}")));

    @TestFactory
    List<DynamicTest> aSuccessorFinishesWhatWasBegun() {
        World whole = new World();
        live(whole, Integer.MAX_VALUE);
        List<String> writes = whole.writes().done();
        assertThat(writes).hasSizeGreaterThan(100);
        return IntStream.rangeClosed(1, writes.size())
                .mapToObj(write ->
                        DynamicTest.dynamicTest("crash after write " + write + ", " + writes.get(write - 1), () -> {
                            World world = new World();
                            world.writes().crashAfter(write);
                            live(world, write);
                            assertThat(world.events()).contains("crash after write " + write);
                        }))
                .toList();
    }

    /** Through the change in which the crash happens; what follows is the life of any cluster. */
    private static void live(World world, int crash) {
        for (Consumer<World> change : LIFE) {
            if (world.writes().done().size() < crash) {
                change.accept(world);
                world.settle();
                world.turn();
                assertTidy(world);
            }
        }
    }

    private static void assertTidy(World world) {
        List<String> members = world.store().hosts();
        assertThat(members).hasSize(world.cluster().getSpec().members());
        assertThat(world.kubernetes().names(KeelsonMember.class)).isEqualTo(members);
        assertThat(world.kubernetes().names(Pod.class)).isEqualTo(members);
        assertThat(world.kubernetes().names(PersistentVolumeClaim.class))
                .isEqualTo(members.stream().map(World::claim).toList());
        assertThat(world.kubernetes().names(Secret.class))
                .containsAll(members.stream().map(member -> member + "-tls").toList())
                .hasSize(members.size() + 2);
        assertThat(world.store().ids()).doesNotHaveDuplicates();
    }
}
