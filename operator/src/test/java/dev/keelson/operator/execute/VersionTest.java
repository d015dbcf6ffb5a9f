package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** From one version to another and back. That no member is started on data that it cannot read is checked by the world. */
final class VersionTest {
    private final World world = new World();

    @Test
    void anUpgradeRestartsFollowersFirstAndTheLeaderLast() {
        start("0.1.0");
        String leader = world.store().leaderHost();

        version("0.2.0");

        List<String> restarts = restarts();
        assertThat(restarts).hasSize(3).allMatch(event -> event.endsWith("image changed"));
        assertThat(restarts.getLast()).contains(leader);
        assertThat(world.status().version()).isEqualTo("0.2.0");
        assertThat(world.store().versions().agreed()).isEqualTo(new MinorVersion(3, 8));
    }

    @Test
    void aDowngradeBringsTheStoreDownBeforeAnyMember() {
        start("0.2.0");

        world.edit(World.with("{\"version\":\"0.1.0\"}"));
        world.until("the store is ordered down", w -> w.store().versions().target() != null);
        assertThat(world.status().plan())
                .anyMatch(step ->
                        step.step().equals("LatchVersion") && step.reason().equals("0.2.0 goes down to 0.1.0"));
        assertThat(restarts()).isEmpty();
        world.settle();

        List<String> done = world.writes().done();
        assertThat(done.indexOf("downgrade to 3.7.0")).isPositive().isLessThan(done.lastIndexOf("delete Pod c-0"));
        assertThat(restarts()).hasSize(3);
        assertThat(world.status().version()).isEqualTo("0.1.0");
        world.until("the order ends", w -> w.store().versions().target() == null);
        assertThat(world.store().versions().agreed()).isEqualTo(new MinorVersion(3, 7));
    }

    @Test
    void aPodThatIsLostBeforeTheStoreIsDownComesBackAsItWas() {
        start("0.2.0");
        world.edit(World.with("{\"version\":\"0.1.0\"}"));
        world.deletePod("c-1");
        world.turn();
        world.turn();

        assertThat(image("c-1")).endsWith(":0.2.0");
        world.settle();
        assertThat(image("c-1")).endsWith(":0.1.0");
    }

    @Test
    void aDowngradeThatIsTakenBackIsCancelled() {
        start("0.2.0");
        world.edit(World.with("{\"version\":\"0.1.0\"}"));
        world.until("one is down", w -> restarts().size() == 1);

        version("0.2.0");

        world.until("cancelled", w -> w.store().versions().target() == null);
        assertThat(world.events()).anyMatch(event -> event.startsWith("CancelDowngrade"));
        assertThat(world.status().version()).isEqualTo("0.2.0");
        assertThat(world.kubernetes().names(Pod.class))
                .allMatch(pod -> image(pod).endsWith(":0.2.0"));
        world.until(
                "agreed",
                w -> new MinorVersion(3, 8).equals(w.store().versions().agreed()));
    }

    @Test
    void anUpgradeThatStopsAtItsFirstMemberGoesBackWithoutADowngrade() {
        start("0.1.0");
        world.edit(World.with("{\"version\":\"0.2.0\",\"image\":{\"repository\":\"bad\"}}"));
        for (int turn = 0; turn < 40; turn++) {
            world.turn();
        }
        assertThat(restarts()).hasSize(1);
        assertThat(world.status().members()).isEqualTo(2);

        world.edit(World.with("{\"version\":\"0.1.0\",\"image\":{}}"));
        world.settle();

        assertThat(world.writes().done()).noneMatch(write -> write.startsWith("downgrade"));
        assertThat(world.status().version()).isEqualTo("0.1.0");
    }

    @Test
    void anUpgradeOfTheOnlyMemberToABadImageGoesBack() {
        world.apply(World.with("{\"version\":\"0.1.0\",\"members\":1}").apply(ClusterSpec.defaults()));
        world.settle();
        world.edit(World.with("{\"version\":\"0.2.0\",\"image\":{\"repository\":\"bad\"}}"));
        for (int turn = 0; turn < 10; turn++) {
            world.turn();
        }

        world.edit(World.with("{\"version\":\"0.1.0\",\"image\":{}}"));
        world.settle();

        assertThat(image("c-0")).isEqualTo("keelson/node:0.1.0");
    }

    @Test
    void anUpgradeThatAllMembersHaveMadeIsTakenBackAsADowngrade() {
        start("0.1.0");
        world.edit(World.with("{\"version\":\"0.2.0\"}"));
        world.until(
                "all agree on the new formats",
                w -> new MinorVersion(3, 8).equals(w.store().versions().agreed()));

        version("0.1.0");

        assertThat(world.writes().done()).contains("downgrade to 3.7.0");
        assertThat(world.store().versions().agreed()).isEqualTo(new MinorVersion(3, 7));
    }

    @Test
    void aJumpIsRefusedAndSaysWhichWayToGo() {
        start("0.3.0");

        world.edit(World.with("{\"version\":\"0.1.0\"}"));
        for (int turn = 0; turn < 10; turn++) {
            world.turn();
        }

        assertThat(restarts()).isEmpty();
        assertThat(world.events()).anyMatch(event -> event.contains("go down through 0.2 first"));
    }

    private void start(String version) {
        world.apply(World.with("{\"version\":\"" + version + "\"}").apply(ClusterSpec.defaults()));
        world.settle();
        world.turn();
    }

    private void version(String version) {
        world.edit(World.with("{\"version\":\"" + version + "\"}"));
        world.settle();
    }

    private String image(String pod) {
        return Objects.requireNonNull(world.kubernetes().get(Pod.class, "ns", pod))
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    private List<String> restarts() {
        return world.events().stream()
                .filter(event -> event.startsWith("RestartPod"))
                .toList();
    }
}
