package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What etcd refuses to start with, Keelson refuses too, and both name what is wrong. */
class FlagComparisonTest {

    /** Enough for a JVM beside other tests; a refusal takes a fraction of it, and a start would be no refusal. */
    private static final String SECONDS_MAX = "20";

    private static Run.Result start(Path program, List<String> words) {
        var command = new ArrayList<>(List.of("timeout", "-s", "KILL", SECONDS_MAX, program.toString()));
        command.addAll(words);
        return Run.command(command).in(Tools.workDirectory("flags")).result();
    }

    private static void bothRefuse(List<String> words, String named) {
        Run.Result etcd = start(Tools.go("etcd"), words);
        Run.Result keelson = start(Tools.keelson(), words);

        assertThat(etcd.exitCode()).as(etcd.output()).isBetween(1, 2);
        assertThat(keelson.exitCode()).as(keelson.output()).isBetween(1, 2);
        assertThat(etcd.output()).contains(named);
        assertThat(keelson.output()).contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nope=1 | nope",
                "--name | name",
                "stray | stray",
                "--pre-vote=maybe | pre-vote",
                "--max-wals=-1 | max-wals",
                "--quota-backend-bytes=1e9 | quota-backend-bytes",
                "--max-concurrent-streams=4294967296 | max-concurrent-streams",
                "--grpc-keepalive-timeout=5 | grpc-keepalive-timeout",
                "--heartbeat-interval=0 | heartbeat-interval",
                "--election-timeout=100 | election-timeout",
                "--election-timeout=60000 | election-timeout",
                "--initial-cluster-state=old | initial-cluster-state",
                "--initial-cluster=foo=http://127.0.0.1:2380 | default",
                "--initial-cluster=default=http://127.0.0.1:9 | initial-advertise-peer-urls",
                "--listen-client-urls=http://127.0.0.1:9 | advertise-client-urls",
                "--listen-client-urls=http://127.0.0.1 --advertise-client-urls=http://127.0.0.1:9 | listen-client-urls",
                "--listen-client-urls=ftp://127.0.0.1:9 --advertise-client-urls=http://127.0.0.1:9 | listen-client-urls",
                "--listen-client-urls=http://127.0.0.1:9/x --advertise-client-urls=http://127.0.0.1:9 | listen-client-urls",
                "--listen-client-urls=http://example.com:9 --advertise-client-urls=http://127.0.0.1:9 | http://example.com:9",
                "--advertise-client-urls=http://:9 | advertise-client-urls",
                "--feature-gates=Nope=true | feature-gate",
                "--feature-gates=CompactHashCheck | CompactHashCheck",
                "--feature-gates=CompactHashCheck=maybe | CompactHashCheck",
                "--feature-gates=LeaseCheckpointPersist=true | LeaseCheckpoint",
                "--logger=slf | slf",
                "--log-level=loud | loud",
                "--log-format=xml | xml",
                "--log-outputs=default,stderr | default",
                "--log-outputs=/nowhere/k.log | /nowhere/k.log",
                "--enable-log-rotation | log-outputs",
                "--enable-log-rotation --log-outputs=k.log --log-rotation-config-json={ | log rotation config",
                "--enable-log-rotation --log-outputs=k.log --log-rotation-config-json={\"maxsize\":\"a\"} | maxsize",
                "--cors=abc | cors",
                "--max-learners=-1 | learner",
                "--discovery-token=x | discovery-token",
                "--discovery-srv=example.invalid --initial-cluster=default=http://localhost:2380 | discovery-srv",
                "--discovery-fallback=proxy | proxy",
                "--v2-deprecation=maybe | v2-deprecation",
                "--tls-min-version=x | x",
                "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2 | TLS1.3",
                "--cipher-suites=x | unexpected TLS cipher suite",
                "--cert-file=c.pem --listen-client-urls=https://127.0.0.1:9 --advertise-client-urls=https://127.0.0.1:9 | key",
                "--enable-distributed-tracing --distributed-tracing-sampling-rate=-1 | sampling",
                "--warning-unary-request-duration=x | warning-unary-request-duration",
                "--config-file=/nowhere.yml | /nowhere.yml"
            })
    void whatOneRefusesTheOtherRefuses(String line, String named) {
        bothRefuse(List.of(line.split(" ", -1)), named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heartbeat-interval: abc | heartbeat-interval",
                "grpc-keepalive-timeout: 5s | grpc-keepalive-timeout",
                "pre-vote: maybe | pre-vote",
                "snapshot-count: 1.5 | snapshot-count",
                "snapshot-count: -1 | snapshot-count",
                "name: 5 | name",
                "log-outputs: stderr | log-outputs",
                "client-transport-security: 5 | client-transport-security",
                "auto-compaction-retention: 5 | auto-compaction-retention",
                "listen-peer-urls: ftp://127.0.0.1:9 | listen-peer-urls",
                "feature-gates: Nope=true | Nope",
                "initial-cluster-state: old | old",
                "'a: [' | YAML"
            })
    void theSameHoldsForAFile(String text, String named) throws IOException {
        Path file = Files.writeString(
                Tools.workDirectory("flags").resolve("k.yml"),
                "initial-cluster: default=http://localhost:2380\n" + text + "\n");

        bothRefuse(List.of("--config-file=" + file), named);
    }

    @Test
    void aFileWrittenForEtcdStartsAMember() throws IOException {
        List<Integer> ports = Cluster.freePorts(2);
        Path directory = Tools.workDirectory("flags");
        Path file = Files.writeString(directory.resolve("k.yml"), """
                name: filed
                data-dir: %1$s/data
                wal-dir: %1$s/wal
                snapshot-count: 10000
                heartbeat-interval: 100
                listen-peer-urls: http://127.0.0.1:%2$d
                listen-client-urls: http://127.0.0.1:%3$d
                advertise-client-urls: http://127.0.0.1:%3$d
                initial-advertise-peer-urls: http://127.0.0.1:%2$d
                initial-cluster: filed=http://127.0.0.1:%2$d
                initial-cluster-state: new
                grpc-keepalive-timeout: 20000000000
                client-transport-security:
                  auto-tls: false
                log-outputs: [%1$s/k.log]
                enable-log-rotation: true
                feature-gates: InitialCorruptCheck=true
                """.formatted(directory, ports.get(0), ports.get(1)));

        Process member = new ProcessBuilder(Tools.keelson().toString(), "--config-file", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        try {
            Await.until(
                    "a member, see " + directory,
                    Duration.ofSeconds(30),
                    () -> Files.exists(directory.resolve("k.log"))
                            && read(directory.resolve("k.log")).contains("ready to serve client requests"));

            String endpoint = "--endpoints=127.0.0.1:" + ports.get(1);
            String etcdctl = Tools.go("etcdctl").toString();
            Run.command(etcdctl, endpoint, "put", "key", "value").mustSucceed();
            assertThat(Run.command(etcdctl, endpoint, "member", "list").mustSucceed())
                    .contains(", filed, ");
            try (Stream<Path> log = Files.list(directory.resolve("wal"))) {
                assertThat(log).isNotEmpty();
            }
            assertThat(directory.resolve("data/wal")).doesNotExist();
        } finally {
            member.destroyForcibly().onExit().join();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void aVariableBesideItsFlagIsRefusedByBoth() {
        for (Path program : List.of(Tools.go("etcd"), Tools.keelson())) {
            Run.Result result = Run.command("timeout", "-s", "KILL", SECONDS_MAX, program.toString(), "--name=a")
                    .with("ETCD_NAME", "b")
                    .in(Tools.workDirectory("flags"))
                    .result();

            assertThat(result.exitCode()).as(result.output()).isBetween(1, 2);
            assertThat(result.output()).contains("ETCD_NAME");
        }
    }
}
