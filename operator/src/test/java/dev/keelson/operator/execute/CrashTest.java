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
        live(whole);
        int writes = whole.writes().done().size();
        assertThat(writes).isGreaterThan(100);
        return IntStream.rangeClosed(1, writes)
                .mapToObj(write -> DynamicTest.dynamicTest(
                        "crash after write " + write + ", " + whole.writes().done().get(write - 1), () -> {
                            World world = new World();
                            world.writes().crashAfter(write);
                            live(world);
                        }))
                .toList();
    }

    private static void live(World world) {
        for (Consumer<World> change : LIFE) {
            change.accept(world);
            world.settle();
        }
        List<String> members = world.store().hosts();
        assertThat(members).hasSize(2);
        assertThat(world.kubernetes().names(KeelsonMember.class)).isEqualTo(members);
        assertThat(world.kubernetes().names(Pod.class)).isEqualTo(members);
        assertThat(world.kubernetes().names(PersistentVolumeClaim.class))
                .isEqualTo(members.stream().map(member -> member + "-data").toList());
        assertThat(world.kubernetes().names(Secret.class))
                .containsAll(members.stream().map(member -> member + "-tls").toList())
                .hasSize(members.size() + 2);
        assertThat(world.store().ids()).doesNotHaveDuplicates();
    }
}
