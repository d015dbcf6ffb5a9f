package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A lease that ran out makes two operators work at once, one of them on what it saw before the other one wrote: all that a stale
 * cache could show, and worse. The quorum is held all the same, which the world checks.
 */
final class OverlapTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void twoOperatorsDoWhatOneWouldDo(int seed) {
        World world = new World();
        world.withSecondOperator(new Random(seed), 30);
        world.apply(ClusterSpec.defaults());
        world.settle();

        world.edit(World.with("{\"members\":5,\"server\":{\"quotaBytes\":\"4Gi\"}}"));
        world.settle();
        world.edit(World.with("{\"version\":\"0.2.0\"}"));
        world.settle();
        world.edit(World.with("{\"version\":\"0.1.0\",\"members\":3}"));
        world.settle();

        List<String> members = world.store().hosts();
        assertThat(members).hasSize(3);
        assertThat(world.kubernetes().names(Pod.class)).isEqualTo(members);
        assertThat(world.store().ids()).doesNotHaveDuplicates();
    }
}
