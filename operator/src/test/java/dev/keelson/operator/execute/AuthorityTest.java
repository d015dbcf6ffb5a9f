package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An authority is replaced while everybody goes on trusting everybody, which the world checks at every turn. */
final class AuthorityTest {
    private final World world = new World();

    @BeforeEach
    void start() {
        world.apply(ClusterSpec.defaults());
        world.settle();
    }

    @Test
    void theUserMayAskForANewOne() {
        String before = text("c-ca", "tls.crt");
        ask("now");

        world.turn();
        assertThat(text("c-client", "ca.crt")).contains(before).contains(text("c-ca", "tls.crt"));
        assertThat(certificates().getReason()).isEqualTo("Rotating");
        settled();

        assertThat(text("c-ca", "tls.crt")).isNotEqualTo(before);
        for (String holder : new String[] {"c-client", "c-0-tls", "c-1-tls", "c-2-tls"}) {
            assertThat(text(holder, "ca.crt")).isEqualTo(text("c-ca", "tls.crt"));
        }
        assertThat(world.events()).noneMatch(event -> event.startsWith("RestartPod"));
        String now = text("c-ca", "tls.crt");
        quiet();
        assertThat(text("c-ca", "tls.crt")).isEqualTo(now);
    }

    @Test
    void oneWhoseSecretIsDeletedGetsASuccessorThatAllTrustBeforeItSigns() {
        String leaf = text("c-1-tls", "tls.crt");
        String before = text("c-ca", "tls.crt");

        world.kubernetes().remove(Secret.class, "c-ca");
        world.turn();

        assertThat(text("c-1-tls", "tls.crt")).isEqualTo(leaf);
        assertThat(text("c-1-tls", "ca.crt")).contains(before).contains(text("c-ca", "tls.crt"));
        settled();
        assertThat(text("c-1-tls", "tls.crt")).isNotEqualTo(leaf);
        assertThat(text("c-1-tls", "ca.crt")).isEqualTo(text("c-ca", "tls.crt"));
    }

    @Test
    void oneThatIsDamagedIsTreatedAsLost() {
        Secret secret = secret("c-ca");
        secret.getData().put("tls.key", "");
        world.kubernetes().edit(secret);

        world.turn();
        settled();

        assertThat(certificates().getStatus()).isEqualTo("True");
    }

    @Test
    void oneThatNearsItsEndIsReplaced() {
        String before = text("c-ca", "tls.crt");
        world.pass(Duration.ofDays(2_000));
        world.turn();
        assertThat(text("c-ca", "tls.crt")).isEqualTo(before);

        world.pass(Duration.ofDays(500));
        world.turn();
        settled();

        assertThat(text("c-ca", "tls.crt")).isNotEqualTo(before);
    }

    @Test
    void aMemberThatComesDuringTheReplacementIsTrustedToo() {
        world.kubernetes().remove(Secret.class, "c-ca");
        world.edit(World.with("{\"members\":5}"));
        world.turn();
        world.settle();
        settled();

        assertThat(world.store().voters()).isEqualTo(5);
    }

    @Test
    void itGoesOnWhilePaused() {
        String before = text("c-ca", "tls.crt");
        world.edit(World.with("{\"paused\":true}"));
        ask("now");
        world.turn();

        settled();

        assertThat(text("c-0-tls", "ca.crt")).doesNotContain(before);
    }

    private void settled() {
        world.until(
                "the former authority is dropped",
                w -> "Settled"
                        .equals(secret("c-ca").getMetadata().getAnnotations().get(Labels.AUTHORITY_PHASE)));
        world.turn();
        quiet();
    }

    private void quiet() {
        for (int turn = 0; turn < 20; turn++) {
            world.turn();
        }
    }

    private void ask(String text) {
        var cluster = world.cluster();
        cluster.getMetadata().setAnnotations(Map.of(Labels.ROTATE_AUTHORITY, text));
        world.kubernetes().edit(cluster);
    }

    private Condition certificates() {
        return world.status().conditions().stream()
                .filter(condition -> condition.getType().equals("CertificatesValid"))
                .findFirst()
                .orElseThrow();
    }

    private Secret secret(String name) {
        return Objects.requireNonNull(world.kubernetes().get(Secret.class, "ns", name));
    }

    private String text(String secret, String key) {
        return new String(Base64.getDecoder().decode(secret(secret).getData().get(key)), StandardCharsets.US_ASCII);
    }
}
