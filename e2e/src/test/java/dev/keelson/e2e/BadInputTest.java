package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a member says to flags and files that it cannot work with. */
class BadInputTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Run.Result keelson(String... words) {
        var command = new java.util.ArrayList<String>();
        command.add(Tools.keelson().toString());
        command.addAll(List.of(words));
        return Run.command(command).result();
    }

    private static void refuses(Run.Result result, String... named) {
        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains(named).doesNotContain("\tat ");
        assertThat(result.output().lines().filter(line -> !line.contains("\"level\":\"warn\"")))
                .as("one clear line")
                .hasSize(1);
    }

    @Test
    void anUnknownFlagIsNamed() {
        refuses(keelson("--data-directory", "x"), "data-directory");
    }

    @Test
    void contradictoryFlagsAreNamed() {
        refuses(keelson("--election-timeout", "200"), "--election-timeout", "--heartbeat-interval");
        refuses(keelson("--name", "a", "--initial-cluster", "b=http://127.0.0.1:2380"), "--initial-cluster", "\"a\"");
        refuses(keelson("--listen-client-urls", "http://127.0.0.1:2379"), "--advertise-client-urls");
    }

    @Test
    void aPortInUseIsNamedAndNothingIsLeftBehind() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "port", 1)) {
            Path data = cluster.directory().resolve("second");
            String url = "http://" + cluster.members().getFirst().endpoint();

            Run.Result result = keelson(
                    "--data-dir",
                    data.toString(),
                    "--listen-client-urls",
                    url,
                    "--advertise-client-urls",
                    url,
                    "--listen-peer-urls",
                    "http://127.0.0.1:" + Cluster.freePorts(1).getFirst());

            refuses(result, "--listen-client-urls", cluster.members().getFirst().endpoint());
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void aDataDirectoryThatCannotBeOneIsNamed() throws IOException {
        Path file = Files.writeString(Tools.workDirectory("no-directory").resolve("file"), "text");

        refuses(start(file), file.toString());

        assertThat(file).hasContent("text");
    }

    @Test
    void somebodyElsesDirectoryIsLeftAlone() throws IOException {
        Path foreign = Tools.workDirectory("foreign");
        Files.writeString(Files.createDirectories(foreign.resolve("member")).resolve("snap"), "etcd's");

        refuses(start(foreign), foreign.toString());

        assertThat(names(foreign)).isEqualTo("[, member, member/snap]");
    }

    @Test
    void theDirectoryOfARealEtcdIsLeftAlone() {
        try (Cluster etcd = Cluster.start(Tools.go("etcd"), "real-etcd", 1)) {
            Member member = etcd.members().getFirst();
            assertThat(etcd.etcdctl("put", "key", "value").succeeds()).isTrue();
            member.stop();
            String before = contents(member.data());

            refuses(start(member.data()), member.data().toString());

            assertThat(contents(member.data())).isEqualTo(before);
        }
    }

    @Test
    void aSecondProcessOnADirectoryIsRefused() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "second", 1)) {
            Member first = cluster.members().getFirst();
            // Its last write of its own accord: what comes into its log afterwards is the other's.
            Await.until("a cluster version", PATIENCE, () -> first.logText().contains("set cluster version"));
            Path data = first.data();
            String before = contents(data.resolve("wal"));

            refuses(start(data), data.toString());

            assertThat(contents(data.resolve("wal"))).isEqualTo(before);
            assertThat(cluster.etcdctl("put", "key", "value").succeeds()).isTrue();
        }
    }

    @Test
    void aMemberThatIsGivenAnotherClustersPeersEndsAndTheyGoOn() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "others", 1)) {
            List<Integer> ports = Cluster.freePorts(2);
            String client = "http://127.0.0.1:" + ports.get(0);
            String peer = "http://127.0.0.1:" + ports.get(1);

            Run.Result result = keelson(
                    "--name",
                    "stranger",
                    "--data-dir",
                    cluster.directory().resolve("stranger").toString(),
                    "--listen-client-urls",
                    client,
                    "--advertise-client-urls",
                    client,
                    "--listen-peer-urls",
                    peer,
                    "--initial-advertise-peer-urls",
                    peer,
                    "--initial-cluster",
                    "stranger=" + peer + "," + cluster.initialCluster());

            assertThat(result.exitCode()).as(result.output()).isNotZero();
            assertThat(result.output()).contains("cluster").doesNotContain("\tat ");
            assertThat(cluster.etcdctl("put", "key", "value").succeeds()).isTrue();
        }
    }

    @Test
    void damagedFilesAreNamedAndNeverServed() throws IOException {
        for (String where : List.of("wal", "wal/middle", "db/MANIFEST", "db/.sst")) {
            try (Cluster cluster = Cluster.start(Tools.keelson(), "damage", 1)) {
                Member member = cluster.members().getFirst();
                for (int i = 0; i < 50; i++) {
                    assertThat(cluster.etcdctl("put", "key-" + i, "value").succeeds())
                            .isTrue();
                }
                member.stop();
                Path damaged = damage(member.data(), where);

                member.launch();

                assertThat(member.awaitExit())
                        .as(where + ", see " + member.log())
                        .isNotZero();
                assertThat(member.logText()).contains(damaged.getFileName().toString());
                assertThat(member.logText()).doesNotContain("ready to serve");
            }
        }
    }

    private static Run.Result start(Path data) {
        List<Integer> ports = Cluster.freePorts(2);
        String client = "http://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        return keelson(
                "--data-dir",
                data.toString(),
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer);
    }

    private static String names(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.map(directory::relativize)
                    .map(Path::toString)
                    .sorted(Comparator.naturalOrder())
                    .toList()
                    .toString();
        }
    }

    /** All names and a hash of all bytes under a directory. */
    private static String contents(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            var digest = MessageDigest.getInstance("SHA-256");
            for (Path path : paths.sorted().toList()) {
                digest.update(path.toString().getBytes(StandardCharsets.UTF_8));
                if (Files.isRegularFile(path)) {
                    digest.update(Files.readAllBytes(path));
                }
            }
            return names(directory) + HexFormat.of().formatHex(digest.digest());
        } catch (IOException | NoSuchAlgorithmException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Flips a byte of the last file whose path fits, far from its end. */
    private static Path damage(Path data, String where) throws IOException {
        boolean wal = where.startsWith("wal");
        String folder = wal ? "wal" : "db";
        String name = wal ? ".log" : where.substring(where.indexOf('/') + 1);
        Path file;
        try (Stream<Path> paths = Files.list(data.resolve(folder))) {
            file = paths.filter(path -> path.getFileName().toString().contains(name))
                    .sorted()
                    .reduce((_, last) -> last)
                    .orElseThrow();
        }
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long at = switch (where) {
                case "wal" -> 700;
                case "wal/middle" -> 2_500;
                default -> bytes.length() / 3;
            };
            bytes.seek(at);
            int octet = bytes.read();
            bytes.seek(at);
            bytes.write(octet ^ 0x40);
        }
        return file;
    }
}
