package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Population;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Data goes from etcd to Keelson and back in etcd's snapshot files and is the same at every stage, told by the hashes that
 * members compare; users, roles and leases go with it. {@code -De2e.snapshot.keys=100000} moves more of it.
 */
class SnapshotFilesTest {

    private static final int KEYS = Integer.getInteger("e2e.snapshot.keys", 2_000);
    private static final int VALUE_BYTES = 300;
    private static final int KEYS_FOR_A_LEASE = 20;
    private static final int KEYS_FOR_A_USER = 1_000;
    private static final int REVISIONS_COMPARED = 12;
    private static final String REFUSED = "Error: ";

    @Test
    void dataGoesFromEtcdToKeelsonAndBackUnchanged() {
        Path saved;
        List<String> hashes;
        List<String> population;
        try (Cluster etcd = Cluster.start(Tools.go("etcd"), "snapshot-etcd", 1)) {
            fill(etcd);
            population = Population.settle(etcd, KEYS / KEYS_FOR_A_LEASE, KEYS / KEYS_FOR_A_USER)
                    .describe();
            saved = save(etcd);
            hashes = hashes(etcd);
        }
        assertSameStatus(saved);

        Cluster keelson = prepare(Tools.keelson(), "snapshot-keelson");
        restore(keelson, Tools.keelson(), saved);
        Path savedAgain;
        try (keelson) {
            keelson.launch();
            assertThat(hashes(keelson)).isEqualTo(hashes);
            assertThat(Population.of(keelson).describe()).isEqualTo(population);
            savedAgain = save(keelson);
            // Logging in moves the log on, so the two differ in the index of the log and in the hash of all there is.
            assertThat(withoutHash(saveByOwn(keelson))).isEqualTo(withoutHash(savedAgain));
            assertThat(Population.of(keelson).wrongsOf(1)).isEmpty();
        }
        assertSameStatus(savedAgain);

        Cluster back = prepare(Tools.go("etcd"), "snapshot-back");
        restore(back, Tools.go("etcdutl"), savedAgain);
        try (back) {
            back.launch();
            assertThat(hashes(back)).isEqualTo(hashes);
            assertThat(Population.of(back).describe()).isEqualTo(population);
            assertThat(Population.of(back).wrongsOf(0)).isEmpty();
            System.out.printf(
                    "snapshots: %d keys, %d leases, %d users and as many roles, %d hashes equal at each of three stages%n",
                    KEYS, KEYS / KEYS_FOR_A_LEASE, KEYS / KEYS_FOR_A_USER, hashes.size());
        }
    }

    @Test
    void aStoppedEtcdsDatabaseIsTakenAndItsRevisionRaisedAsEtcdDoesIt() {
        Path database;
        try (Cluster etcd = Cluster.start(Tools.go("etcd"), "snapshot-stopped", 1)) {
            fill(etcd);
            Member member = etcd.members().getFirst();
            member.stop();
            database = member.data().resolve("member/snap/db");
        }
        assertSameStatus(database);
        String[] flags = {"--skip-hash-check", "--bump-revision", "1000000", "--mark-compacted"};

        String expected = lastHash(Tools.go("etcd"), Tools.go("etcdutl"), database, flags);
        String actual = lastHash(Tools.keelson(), Tools.keelson(), database, flags);

        assertThat(actual).isEqualTo(expected).matches(".*, 100\\d{4}");
    }

    private static String lastHash(Path program, Path tool, Path file, String... flags) {
        Cluster cluster = prepare(program, "snapshot-raised");
        restore(cluster, tool, file, flags);
        try (cluster) {
            cluster.launch();
            return hash(cluster, 0);
        }
    }

    @Test
    void threeMembersRestoredFromOneFileAreACluster() {
        Path saved;
        String hash;
        try (Cluster keelson = Cluster.start(Tools.keelson(), "snapshot-one", 1)) {
            fill(keelson);
            saved = save(keelson);
            assertThat(saveByOwn(keelson)).hasSameBinaryContentAs(saved);
            hash = hash(keelson, 0);
        }
        Cluster three = Cluster.prepare(Tools.keelson(), "snapshot-three", Cluster.freePorts(6));
        restore(three, Tools.keelson(), saved);
        try (three) {
            three.launch();
            three.members().forEach(member -> assertThat(hash(member, 0)).isEqualTo(hash));
            three.etcdctl("put", "after", "all").mustSucceed();
            assertThat(three.etcdctl("member", "list").mustSucceed().lines()).hasSize(3);
        }
    }

    @Test
    void filesThatAreNoSnapshotsLeaveNothingBehind() throws IOException {
        Path saved;
        try (Cluster etcd = Cluster.start(Tools.go("etcd"), "snapshot-bad", 1)) {
            fill(etcd);
            saved = save(etcd);
        }
        byte[] sound = Files.readAllBytes(saved);
        assertRefused(saved, bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(saved, bytes -> Arrays.copyOf(bytes, bytes.length - 32));
        assertRefused(saved, bytes -> new byte[1000]);
        assertRefused(saved, bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        });
        assertThat(sound).hasSize((int) Files.size(saved));
    }

    private static void assertRefused(Path saved, UnaryOperator<byte[]> damage) throws IOException {
        Path file = saved.resolveSibling("damaged");
        Files.write(file, damage.apply(Files.readAllBytes(saved)));
        Path data = saved.resolveSibling("data-of-damaged");

        Run.Result result = Run.command(
                        Tools.keelson().toString(),
                        "snapshot",
                        "restore",
                        file.toString(),
                        "--data-dir",
                        data.toString())
                .result();

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).startsWith(REFUSED).contains(file.toString());
        assertThat(data).doesNotExist();
    }

    private static Cluster prepare(Path program, String test) {
        return Cluster.prepare(program, test, Cluster.freePorts(2));
    }

    /** Keys that are written twice, keys that are gone, keys of leases, and a compaction in the middle. */
    private static void fill(Cluster cluster) {
        putMany(cluster);
        cluster.etcdctl("put", "gone/1", "x").mustSucceed();
        cluster.etcdctl("put", "gone/2", "x").mustSucceed();
        String lease = cluster.etcdctl("lease", "grant", "100000").mustSucceed().split(" ")[1];
        cluster.etcdctl("put", "--lease=" + lease, "leased", "x").mustSucceed();
        cluster.etcdctl("del", "--prefix", "gone/").mustSucceed();
        cluster.etcdctl("compaction", "--physical", String.valueOf(revision(cluster)))
                .mustSucceed();
        putMany(cluster);
        cluster.etcdctl("put", "large", "y".repeat(20_000)).mustSucceed();
        cluster.etcdctl("del", "leased").mustSucceed();
        cluster.etcdctl("put", "--lease=" + lease, "leased again", "x").mustSucceed();
    }

    private static void putMany(Cluster cluster) {
        Run.command(
                        Tools.go("benchmark").toString(),
                        "--endpoints=" + cluster.endpoints(),
                        "--conns=10",
                        "--clients=100",
                        "put",
                        "--sequential-keys",
                        "--total=" + KEYS,
                        "--key-space-size=" + KEYS,
                        "--val-size=" + VALUE_BYTES)
                .mustSucceed();
    }

    private static Path saveByOwn(Cluster cluster) {
        Path file = cluster.directory().resolve("own.db");
        Run.command(Tools.keelson().toString(), "--endpoints", cluster.endpoints(), "snapshot", "save", file.toString())
                .with("ETCDCTL_USER", Population.ROOT)
                .mustSucceed();
        return file;
    }

    private static Path save(Cluster cluster) {
        Path file = cluster.directory().resolve("saved.db");
        cluster.etcdctl("snapshot", "save", file.toString())
                .with("ETCDCTL_USER", Population.ROOT)
                .mustSucceed();
        return file;
    }

    private static void restore(Cluster cluster, Path tool, Path file, String... flags) {
        for (Member member : cluster.members()) {
            String own = Arrays.stream(cluster.initialCluster().split(","))
                    .filter(pair -> pair.startsWith(member.name() + "="))
                    .findFirst()
                    .orElseThrow();
            var words = new ArrayList<>(List.of(tool.toString(), "snapshot", "restore", file.toString()));
            words.addAll(List.of(
                    "--name",
                    member.name(),
                    "--data-dir",
                    member.data().toString(),
                    "--initial-cluster",
                    cluster.initialCluster(),
                    "--initial-cluster-token",
                    "e2e",
                    "--initial-advertise-peer-urls",
                    own.substring(own.indexOf('=') + 1)));
            words.addAll(List.of(flags));
            Run.command(words).mustSucceed();
        }
    }

    private static void assertSameStatus(Path file) {
        for (String form : List.of("simple", "json", "table")) {
            String[] words = {"snapshot", "status", file.toString(), "-w", form};
            assertThat(status(Tools.keelson(), words)).isEqualTo(status(Tools.go("etcdutl"), words));
        }
    }

    private static String withoutHash(Path file) {
        String status = status(Tools.go("etcdutl"), "snapshot", "status", file.toString(), "-w", "json");
        assertThat(status).startsWith("{\"hash\":");
        return status.substring(status.indexOf(','));
    }

    private static String status(Path tool, String... words) {
        var command = new ArrayList<>(List.of(tool.toString()));
        command.addAll(List.of(words));
        return Run.command(command).mustSucceed();
    }

    /** The newest revision: what {@code endpoint hashkv} says last. */
    private static long revision(Cluster cluster) {
        String hash = hash(cluster, 0);
        return Long.parseLong(hash.substring(hash.lastIndexOf(' ') + 1));
    }

    /** Hashes at revisions from the last one back to the compaction. */
    private static List<String> hashes(Cluster cluster) {
        long last = revision(cluster);
        long step = Math.max(1, KEYS / REVISIONS_COMPARED);
        return LongStream.iterate(last, revision -> revision > last - KEYS, revision -> revision - step)
                .mapToObj(revision -> hash(cluster, revision))
                .toList();
    }

    private static String hash(Cluster cluster, long revision) {
        return hash(cluster.members().getFirst(), revision);
    }

    /** Hash and revision. */
    private static String hash(Member member, long revision) {
        String output = Run.command(
                        Tools.go("etcdctl").toString(),
                        "--endpoints",
                        member.endpoint(),
                        "--command-timeout",
                        "120s",
                        "endpoint",
                        "hashkv",
                        "--rev",
                        String.valueOf(revision))
                // A cluster that tells nobody apart answers too, and etcdctl says before that it cannot log in there.
                .with("ETCDCTL_USER", Population.ROOT)
                .mustSucceed();
        String line = output.lines().toList().getLast();
        return line.substring(line.indexOf(' ') + 1);
    }
}
