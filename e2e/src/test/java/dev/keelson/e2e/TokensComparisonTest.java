package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.SigningKey;
import dev.keelson.e2e.harness.TokenHolder;
import dev.keelson.e2e.harness.Tools;
import dev.keelson.e2e.harness.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the real etcd shown to Keelson, and the other way round: both have the same key and the same users. */
class TokensComparisonTest {

    /** What makes users, in protobuf's text format, behind the call. */
    private static final List<String> USERS = List.of(
            "Auth/UserAdd name: \"root\" password: \"r\"",
            "Auth/UserGrantRole user: \"root\" role: \"root\"",
            "Auth/UserAdd name: \"alice\" password: \"a\"",
            "Auth/RoleAdd name: \"reader\"",
            "Auth/RoleGrantPermission name: \"reader\" perm { permType: READ key: \"k\" }",
            "Auth/UserGrantRole user: \"alice\" role: \"reader\"",
            "Auth/AuthEnable");

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA", "HS256", "PS384"})
    void eitherTakesTheTokensThatTheOtherSigned(String method) {
        Path folder = Tools.workDirectory("tokens-" + method);
        String tokens = SigningKey.flag(folder, method);
        try (Cluster etcd = Cluster.start(Tools.go("etcd"), "tokens-etcd", 1, tokens, "--bcrypt-cost=4");
                Cluster keelson = Cluster.start(Tools.server(), "tokens-server", 1, tokens, "--bcrypt-cost=4");
                var there = new TokenHolder(etcd.members().getFirst());
                var here = new TokenHolder(keelson.members().getFirst())) {
            makeUsers(there);
            makeUsers(here);

            assertTaken(here, there.logIn("alice", "a"));
            assertTaken(there, here.logIn("alice", "a"));
        }
    }

    private static void makeUsers(TokenHolder client) {
        client.ask(null, "Auth/RoleAdd", "name: \"root\"");
        for (String call : USERS) {
            String rpc = call.split(" ", 2)[0];
            assertThat(client.ask(null, rpc, call.substring(rpc.length())).text())
                    .as(call)
                    .isEmpty();
        }
    }

    private static void assertTaken(TokenHolder client, String token) {
        assertThat(token.split("\\.", -1)).hasSize(3);
        assertThat(client.ask(token, "KV/Range", "key: \"k\"").verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(client.ask(token, "KV/Range", "key: \"l\"").verdict()).isEqualTo(Verdict.DENIED);
        String changed = token.substring(0, token.length() - 8) + "AAAAAAAA";
        assertThat(client.ask(changed, "KV/Range", "key: \"k\"").verdict()).isEqualTo(Verdict.BAD_TOKEN);
    }
}
