package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.TokenHolder;
import dev.keelson.e2e.harness.Tools;
import dev.keelson.e2e.harness.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What must stay between a client and a member. */
class SecretsTest {

    private static final List<String> PASSWORDS =
            List.of("first-secret", "second-secret", "wrong-secret", "root-secret");

    @Test
    @DisplayName("CVE-2021-28235, and credentials in the log of writes: passwords and tokens are written down nowhere")
    void passwordsAndTokensAreWrittenDownNowhere() {
        try (Cluster cluster = Cluster.start(
                Tools.server(), "secrets", 1, "--log-level=debug", "--bcrypt-cost=4", "--metrics=extensive")) {
            Member member = cluster.members().getFirst();
            String token = use(member);
            member.stop();

            assertThat(holding(cluster.directory(), PASSWORDS)).isEmpty();
            assertThat(holding(cluster.directory(), List.of(token.substring(0, token.indexOf('.')))))
                    .isEmpty();
            assertThat(holding(cluster.directory(), List.of("alice")))
                    .as("what is there is found")
                    .isNotEmpty();
        }
    }

    /** Returns a token that holds. */
    private static String use(Member member) {
        try (var client = new TokenHolder(member)) {
            client.ask(null, "Auth/UserAdd", "name: \"root\" password: \"root-secret\"");
            client.ask(null, "Auth/RoleAdd", "name: \"root\"");
            client.ask(null, "Auth/UserGrantRole", "user: \"root\" role: \"root\"");
            client.ask(null, "Auth/UserAdd", "name: \"alice\" password: \"first-secret\"");
            client.ask(null, "Auth/UserChangePassword", "name: \"alice\" password: \"second-secret\"");
            client.ask(null, "Auth/AuthEnable", "");
            client.ask(null, "Auth/Authenticate", "name: \"alice\" password: \"wrong-secret\"");
            client.ask(null, "Auth/Authenticate", "name: \"nobody\" password: \"wrong-secret\"");
            String token = client.logIn("alice", "second-secret");
            assertThat(client.ask(token, "Auth/UserGet", "name: \"alice\"").verdict())
                    .isEqualTo(Verdict.ALLOWED);
            return token;
        }
    }

    private static List<Path> holding(Path folder, List<String> texts) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> texts.stream().anyMatch(read(file)::contains))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
