package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The operator ends after each single write of a life of a cluster, one run for each write, and its successor finishes what
 * was begun: nothing is left over, nothing is used twice, and no quorum is lost on the way (which the world checks).
 */
final class CrashTest {
    private static final Map<String, List<Consumer<World>>> LIVES = new TreeMap<>(Map.of(
            "members",
            List.of(
                    world -> apply(world, "{\"members\":1}"),
                    world -> world.edit(World.with("{\"members\":3}")),
                    world -> world.edit(World.with("{\"server\":{\"quotaBytes\":\"4Gi\"}}")),
                    world -> {
                        world.deleteClaim("c-0");
                        world.deletePod("c-0");
                        world.turn();
                    },
                    world -> world.edit(World.with("{\"members\":2}"))),
            "versions",
            List.of(
                    world -> apply(world, "{\"members\":2,\"version\":\"0.1.0\"}"),
                    world -> world.edit(World.with("{\"version\":\"0.2.0\"}")),
                    world -> world.edit(World.with("{\"version\":\"0.1.0\"}")),
                    world -> world.until(
                            "no order is left", w -> w.store().versions().target() == null)),
            "authorities",
            List.of(world -> apply(world, "{\"members\":2}"), CrashTest::rotate, world -> {
                world.kubernetes().remove(Secret.class, "c-ca");
                world.turn();
                world.until("replaced", CrashTest::hasOneAuthority);
            }),
            "access",
            List.of(
                    world -> {
                        apply(
                                world,
                                "{\"members\":1,\"auth\":"
                                        + "{\"enabled\":true,\"rootPasswordSecret\":{\"name\":\"root\"}}}");
                        password(world, "first");
                    },
                    world -> {
                        password(world, "second");
                        world.until("in force", w -> w.store().password().equals("second"));
                    },
                    world -> world.edit(World.with("{\"auth\":{\"enabled\":false}}")))));

    @TestFactory
    List<DynamicTest> aSuccessorFinishesWhatWasBegun() {
        List<DynamicTest> tests = new ArrayList<>();
        LIVES.forEach((life, changes) -> {
            World whole = new World();
            live(whole, changes, Integer.MAX_VALUE);
            List<String> writes = whole.writes().done();
            for (int write = 1; write <= writes.size(); write++) {
                int crash = write;
                String name = life + ": crash after write " + write + ", " + writes.get(write - 1);
                tests.add(DynamicTest.dynamicTest(name, () -> {
                    World world = new World();
                    world.writes().crashAfter(crash);
                    live(world, changes, crash);
                    assertThat(world.events()).contains("crash after write " + crash);
                }));
            }
        });
        assertThat(tests).hasSizeGreaterThan(200);
        return tests;
    }

    /** Through the change in which the crash happens; what follows is the life of any cluster. */
    private static void live(World world, List<Consumer<World>> changes, int crash) {
        for (Consumer<World> change : changes) {
            if (world.writes().done().size() < crash) {
                change.accept(world);
                world.settle();
                world.turn();
                assertTidy(world);
            }
        }
    }

    private static void apply(World world, String json) {
        world.apply(World.with(json).apply(ClusterSpec.defaults()));
    }

    private static void rotate(World world) {
        var cluster = world.cluster();
        cluster.getMetadata().setAnnotations(Map.of(Labels.ROTATE_AUTHORITY, "now"));
        world.kubernetes().edit(cluster);
        world.turn();
        world.until("replaced", CrashTest::hasOneAuthority);
    }

    /** All that holds certificates trusts the authority that signs, and no other. */
    private static boolean hasOneAuthority(World world) {
        Secret authority = world.kubernetes().get(Secret.class, "ns", "c-ca");
        return authority != null
                && "Settled".equals(authority.getMetadata().getAnnotations().get(Labels.AUTHORITY_PHASE))
                && world.kubernetes().list(Secret.class, "ns", Map.of()).stream()
                        .map(secret -> secret.getData().get("ca.crt"))
                        .allMatch(trusted ->
                                Objects.equals(trusted, authority.getData().get("tls.crt")));
    }

    private static void password(World world, String password) {
        world.kubernetes().remove(Secret.class, "root");
        world.kubernetes()
                .put(new SecretBuilder()
                        .withMetadata(new ObjectMetaBuilder()
                                .withName("root")
                                .withNamespace("ns")
                                .build())
                        .addToData(
                                "password",
                                Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)))
                        .build());
    }

    private static void assertTidy(World world) {
        List<String> members = world.store().hosts();
        assertThat(members).hasSize(world.cluster().getSpec().members());
        assertThat(world.kubernetes().names(KeelsonMember.class)).isEqualTo(members);
        assertThat(world.kubernetes().names(Pod.class)).isEqualTo(members);
        assertThat(world.kubernetes().names(PersistentVolumeClaim.class))
                .isEqualTo(members.stream().map(World::claim).toList());
        assertThat(world.kubernetes().names(Secret.class))
                .filteredOn(name -> name.endsWith("-tls"))
                .isEqualTo(members.stream().map(member -> member + "-tls").toList());
        assertThat(world.kubernetes().names(Secret.class))
                .filteredOn(name -> !name.endsWith("-tls"))
                .contains("c-ca", "c-client")
                .isSubsetOf("c-ca", "c-client", "c-root", "root");
        assertThat(world.store().ids()).doesNotHaveDuplicates();
    }
}
