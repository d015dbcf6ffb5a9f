package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.server.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigFileTest {

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("k.yml"), text);
    }

    private FlagValues values(String text, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--config-file=" + file(text));
        return FlagValues.parse(all, Map.of());
    }

    @Test
    void keysAreTheNamesOfFlagsAndDurationsAreNanoseconds() throws IOException {
        FlagValues values = values("""
                name: m
                snapshot-count: 77
                pre-vote: yes
                quota-backend-bytes: 8589934592
                grpc-keepalive-timeout: 7000000000
                log-outputs: [stderr, a.log]
                initial-cluster:
                """);

        assertThat(values.text("name")).isEqualTo("m");
        assertThat(values.number("snapshot-count")).isEqualTo(77);
        assertThat(values.number("quota-backend-bytes")).isEqualTo(8589934592L);
        assertThat(values.millis("grpc-keepalive-timeout")).isEqualTo(7_000);
        assertThat(values.text("log-outputs")).isEqualTo("stderr,a.log");
        assertThat(values.isOn("pre-vote")).isTrue();
        assertThat(values.warnings()).isEmpty();
    }

    @Test
    void certificatesStandInGroupsOfTheirOwn() throws IOException {
        Path file = file("""
                listen-client-urls: https://127.0.0.1:1
                listen-peer-urls: https://127.0.0.1:2
                client-transport-security:
                  cert-file: c.pem
                  key-file: k.pem
                  client-cert-auth: true
                  trusted-ca-file: ca.pem
                  allowed-hostname: [a, b]
                peer-transport-security:
                  cert-file: pc.pem
                  key-file: pk.pem
                  trusted-ca-file: pca.pem
                  allowed-cn: [x]
                """);

        NodeConfig config = NodeConfig.parse(List.of("--config-file", file.toString()), Map.of());

        TlsConfig client = Objects.requireNonNull(config.member().tls().client());
        TlsConfig peer = Objects.requireNonNull(config.member().tls().peer());
        assertThat(client.trust().hostNames()).isEqualTo(Set.of("a", "b"));
        assertThat(client.trust().demanded()).isTrue();
        assertThat(peer.trust().commonNames()).isEqualTo(Set.of("x"));
    }

    @Test
    void nothingElseCountsBesideAFile() throws IOException {
        Path file = file("name: m\n");
        Map<String, String> environment =
                Map.of("ETCD_CONFIG_FILE", file.toString(), "ETCD_MAX_TXN_OPS", "9", "ETCD_NAME", "x");

        FlagValues values = FlagValues.parse(List.of("--name=y", "--max-wals=3"), environment);

        assertThat(values.text("name")).isEqualTo("m");
        assertThat(values.number("max-txn-ops")).isEqualTo(128);
        assertThat(values.warnings())
                .containsExactly("the settings of " + file + " are followed; ignored: --name, --max-wals");
    }

    @Test
    void keysThatEtcdPassesOverAreNamed() throws IOException {
        FlagValues values = values("nope: 1\ncert-file: x\npeer-transport-security: {nope: 1}\ndiscovery-proxy:\n");

        assertThat(values.isGiven("cert-file")).isFalse();
        assertThat(values.warnings())
                .containsExactly(folder.resolve("k.yml")
                        + ": keys without effect: nope, cert-file, peer-transport-security.nope");
    }

    @Test
    void aListOfRevokedCertificatesIsAKeyThoughEtcdHasNone() throws IOException {
        assertThat(values("client-crl-file: r.pem\n").text("client-crl-file")).isEqualTo("r.pem");
    }

    @Test
    void addressesToAdvertiseNeedNotBeInAFile() throws IOException {
        Path file = file("listen-client-urls: http://127.0.0.1:1\n");

        assertThat(NodeConfig.parse(List.of("--config-file", file.toString()), Map.of())
                        .member()
                        .self()
                        .clientUrls())
                .containsExactly("http://localhost:2379");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heartbeat-interval: abc | heartbeat-interval: abc is not a whole number",
                "snapshot-count: 1.5 | snapshot-count: 1.5 is not a whole number",
                "snapshot-count: -1 | snapshot-count: -1 is negative",
                "grpc-keepalive-timeout: 5s | grpc-keepalive-timeout: 5s is not a whole number of nanoseconds",
                "pre-vote: maybe | pre-vote: maybe is not true or false",
                "pre-vote: '\"false\"' | pre-vote: \"false\" is not true or false",
                "name: 5 | name: 5 is not a text",
                "log-outputs: stderr | log-outputs: stderr is not a list of texts",
                "cipher-suites: [5] | cipher-suites: 5 is not a text",
                "client-transport-security: 5 | client-transport-security: 5 is not a mapping of keys to values",
                "client-transport-security: {cert-file: 5} | client-transport-security.cert-file: 5 is not a text",
                "client-transport-security: {allowed-cn: [x]} | client-transport-security.allowed-cn: not available; limit clients by allowed-hostname or by their users' roles",
                "discovery-config: {token: x} | discovery-config: there is no discovery; name the members in initial-cluster",
                "[a] | [a] is not a mapping of keys to values",
                "a: [ | is not YAML: expected the node content, but found '<stream end>' in line 1"
            })
    void aValueOfAnotherKindIsRefusedWithItsKey(String text, String why) throws IOException {
        Path file = file(text);

        FlagException refusal = catchThrowableOfType(
                FlagException.class, () -> FlagValues.parse(List.of("--config-file", file.toString()), Map.of()));

        assertThat(refusal).hasMessage("--config-file=" + file + ": " + why);
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        FlagException refusal = catchThrowableOfType(
                FlagException.class,
                () -> FlagValues.parse(
                        List.of("--config-file", folder.resolve("none").toString()), Map.of()));

        assertThat(refusal).hasMessageContaining("none: cannot be read");
    }

    @Test
    void aTagThatWouldMakeAnObjectIsRefused() throws IOException {
        Path file = file("name: !!java.net.URL [\"http://127.0.0.1:1/\"]\n");

        FlagException refusal = catchThrowableOfType(
                FlagException.class, () -> FlagValues.parse(List.of("--config-file", file.toString()), Map.of()));

        assertThat(refusal).hasMessageContaining("is not YAML");
    }
}
