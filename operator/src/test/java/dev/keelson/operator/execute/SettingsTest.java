package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.certificates.Certificate;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What users set about who comes in, by which certificates, and when members restart. */
final class SettingsTest {
    private static final String AUTH =
            "{\"auth\":{\"enabled\":%s,\"rootPasswordSecret\":{\"name\":\"root\",\"key\":\"password\"}}}";
    private static final String OTHER_SERVER = "{\"server\":{\"extraOptions\":{\"max-txn-ops\":\"256\"}}}";

    private final World world = new World();

    @Test
    void callersSayWhoTheyAreOnceTheRootUserIsMade() {
        start("{}");
        password("first");

        world.edit(World.with(AUTH.formatted(true)));
        world.settle();

        assertThat(world.store().password()).isEqualTo("first");
        world.edit(World.with("{\"members\":5}"));
        world.settle();
    }

    @Test
    void anotherPasswordIsPutInForceByTheFormerOne() {
        start("{}");
        password("first");
        world.edit(World.with(AUTH.formatted(true)));
        world.settle();

        password("second");
        world.until("the new one is in force", w -> w.store().password().equals("second"));
        password("third");
        world.until("the next one is in force", w -> w.store().password().equals("third"));
        world.settle();
    }

    @Test
    void withoutThePasswordNothingIsTurnedOnAndTheReasonIsTold() {
        start("{}");

        world.edit(World.with(AUTH.formatted(true)));
        for (int turn = 0; turn < 10; turn++) {
            world.turn();
        }

        assertThat(world.store().password()).isEmpty();
        assertThat(condition("Degraded").getMessage()).contains("the Secret root has no password");
        password("late");
        world.settle();
        assertThat(world.store().password()).isEqualTo("late");
    }

    @Test
    void everybodyIsLetInAgain() {
        start("{}");
        password("first");
        world.edit(World.with(AUTH.formatted(true)));
        world.settle();

        world.edit(World.with(AUTH.formatted(false)));
        world.settle();

        assertThat(world.store().password()).isEmpty();
    }

    @Test
    void certificatesOfTheUserAreMountedAndAMissingOneIsTold() {
        world.apply(World.with("{\"tls\":{\"mode\":\"Secrets\",\"memberSecret\":\"m\",\"clientSecret\":\"k\"}}")
                .apply(ClusterSpec.defaults()));
        for (int turn = 0; turn < 5; turn++) {
            world.turn();
        }
        assertThat(condition("CertificatesValid").getStatus()).isEqualTo("False");
        assertThat(condition("CertificatesValid").getMessage()).contains("there is no Secret k");

        World other = new World();
        other.apply(ClusterSpec.defaults());
        other.settle();
        copy(other, "c-0-tls", "m");
        copy(other, "c-client", "k");
        world.settle();

        assertThat(condition("CertificatesValid").getStatus()).isEqualTo("True");
        assertThat(world.kubernetes().names(Secret.class)).containsExactly("k", "m");
        assertThat(Objects.requireNonNull(world.kubernetes().get(Pod.class, "ns", "c-0"))
                        .getSpec()
                        .getVolumes())
                .anyMatch(volume -> volume.getSecret() != null
                        && volume.getSecret().getSecretName().equals("m"));
    }

    @Test
    void anIssuerIsAskedForACertificateOfEachMember() {
        world.apply(World.with("{\"tls\":{\"mode\":\"CertManager\",\"issuerRef\":{\"name\":\"ours\"}}}")
                .apply(ClusterSpec.defaults()));
        World other = new World();
        other.apply(ClusterSpec.defaults());
        other.settle();
        copy(other, "c-client", "c-client");
        for (String member : List.of("c-0", "c-1", "c-2")) {
            copy(other, member + "-tls", member + "-tls");
        }

        world.settle();

        assertThat(world.kubernetes().names(Certificate.class))
                .containsExactly("c-0-tls", "c-1-tls", "c-2-tls", "c-client");
        Certificate.Spec asked = Objects.requireNonNull(world.kubernetes().get(Certificate.class, "ns", "c-0-tls"))
                .getSpec();
        assertThat(asked.issuerRef().kind()).isEqualTo("Issuer");
        assertThat(asked.dnsNames()).contains("c-0.c-peers.ns.svc", "localhost");
        assertThat(asked.ipAddresses()).containsExactly("127.0.0.1");
    }

    @Test
    void aChangeWaitsForItsWindowAndARepairDoesNot() {
        start("{\"updates\":{\"maintenanceWindows\":[{\"start\":\"12:00\",\"duration\":\"1h\"}]}}");

        world.edit(World.with(OTHER_SERVER));
        for (int turn = 0; turn < 10; turn++) {
            world.turn();
        }
        assertThat(restarts()).isEmpty();
        assertThat(world.status().plan())
                .anyMatch(
                        step -> String.valueOf(step.waitsFor()).contains("the maintenance window at 2026-01-01T12:00"));
        world.deletePod("c-1");
        world.turn();
        world.until("repaired", w -> w.status().members() == 3);
        assertThat(restarts()).isEmpty();

        world.edit(World.with("{\"updates\":{\"urgency\":\"Immediate\",\"maintenanceWindows\":"
                + "[{\"start\":\"12:00\",\"duration\":\"1h\"}]}}"));
        world.settle();
        assertThat(restarts()).hasSize(2);
    }

    @Test
    void onDeletionOnlyTheOneThatDeletesPodsRestartsMembers() {
        start("{\"updates\":{\"strategy\":\"OnDelete\"}}");

        world.edit(World.with(OTHER_SERVER));
        for (String member : List.of("c-0", "c-1", "c-2")) {
            for (int turn = 0; turn < 10; turn++) {
                world.turn();
            }
            world.deletePod(member);
        }
        world.settle();

        assertThat(restarts()).isEmpty();
    }

    @Test
    void theFirstEventIsNoWarning() {
        world.apply(ClusterSpec.defaults());
        world.turn();

        assertThat(world.events()).contains("Creating the operator looks after it now");
    }

    private void start(String json) {
        world.apply(World.with(json).apply(ClusterSpec.defaults()));
        world.settle();
    }

    private void password(String password) {
        Secret kept = world.kubernetes().get(Secret.class, "ns", "root");
        Map<String, String> data =
                Map.of("password", Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
        if (kept == null) {
            world.kubernetes()
                    .put(new SecretBuilder()
                            .withMetadata(new ObjectMetaBuilder()
                                    .withName("root")
                                    .withNamespace("ns")
                                    .build())
                            .withData(data)
                            .build());
        } else {
            kept.setData(data);
            world.kubernetes().edit(kept);
        }
    }

    private void copy(World other, String from, String to) {
        Secret secret = Objects.requireNonNull(other.kubernetes().get(Secret.class, "ns", from));
        secret.setMetadata(
                new ObjectMetaBuilder().withName(to).withNamespace("ns").build());
        world.kubernetes().put(secret);
    }

    private Condition condition(String type) {
        return world.status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private List<String> restarts() {
        return world.events().stream()
                .filter(event -> event.startsWith("RestartPod"))
                .toList();
    }
}
