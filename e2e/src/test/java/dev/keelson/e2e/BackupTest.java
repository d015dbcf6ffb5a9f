package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.KillingMembers;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Program;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An archive that is written while clients write and members are killed leads to what there was at each revision and at each
 * time, told by the hash that the members themselves say, in Keelson and in etcd.
 */
class BackupTest {

    private static final int WRITERS = 4;
    private static final int WRITES = 300;
    private static final Duration WRITES_MAX = Duration.ofMinutes(2);
    private static final Duration SEALED_MAX = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final String LEADS_TO = " lead to revision ";

    @Test
    void everyMomentOfAnArchiveIsRestoredWhileMembersAreKilled() throws IOException {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "backup", 3)) {
            Path place = cluster.directory().resolve("backups");
            Path key = Files.write(cluster.directory().resolve("key"), new byte[32]);
            Program archive = archive(cluster, place, key);
            try (Load load = Load.start(cluster, WRITERS)) {
                try (KillingMembers killing = KillingMembers.of(cluster)) {
                    awaitFirstSegment(archive);
                    load.awaitMore(WRITES, WRITES_MAX);
                    archive.terminate();
                    archive.awaitSuccess(SEALED_MAX);
                    archive = archive(cluster, place, key);
                    load.awaitMore(WRITES, WRITES_MAX);
                    assertThat(killing.kills()).isPositive();
                }
                load.awaitMore(WRITES, WRITES_MAX);
            }
            long middle = revision(cluster) - WRITES;
            long last = revision(cluster);
            Instant quiet = Instant.now();
            Await.passing(QUIET);
            cluster.etcdctl("put", "after", "the quiet").mustSucceed();
            awaitSealed(archive, last + 1);
            archive.terminate();
            archive.awaitSuccess(SEALED_MAX);

            assertThat(restored(cluster, place, key, "--to-revision", String.valueOf(middle)))
                    .isEqualTo(hash(cluster, middle));
            assertThat(restored(
                            cluster,
                            place,
                            key,
                            "--to-time",
                            quiet.plus(QUIET.dividedBy(2)).toString()))
                    .isEqualTo(hash(cluster, last));
            assertThat(servedByEtcd(cluster, last)).isEqualTo(hash(cluster, last));
            System.out.println("backup: " + last + " revisions, restored to " + middle + " and to " + quiet);
        }
    }

    private static Program archive(Cluster cluster, Path place, Path key) {
        return Program.start(
                cluster,
                "archive-" + System.nanoTime(),
                List.of(
                        Tools.keelson().toString(),
                        "--endpoints",
                        cluster.endpoints(),
                        "backup",
                        "archive",
                        "--segment-interval",
                        "500ms",
                        "--store",
                        place.toString(),
                        "--key-file",
                        key.toString()));
    }

    private static void awaitFirstSegment(Program archive) {
        Await.until("a segment", SEALED_MAX, () -> !archive.lines("Segment ").isEmpty());
    }

    /** Waits until a segment ends behind a revision. */
    private static void awaitSealed(Program archive, long revision) {
        Await.until("revision " + revision + " in the archive", SEALED_MAX, () -> {
            archive.mustRun();
            List<String> sealed = archive.lines("Segment ");
            return !sealed.isEmpty() && sealed.getLast().contains(", " + (revision + 1) + ")");
        });
    }

    /** Makes a snapshot file of a moment; returns revision and hash. */
    private static String restored(Cluster cluster, Path place, Path key, String... point) throws IOException {
        Path file = cluster.directory().resolve("restored.db");
        Files.deleteIfExists(file);
        var words = new ArrayList<>(List.of(
                Tools.keelson().toString(),
                "restore",
                "--store",
                place.toString(),
                "--key-file",
                key.toString(),
                "--snapshot-file",
                file.toString()));
        words.addAll(List.of(point));
        String output = Run.command(words).mustSucceed();
        String said = output.substring(output.indexOf(LEADS_TO) + LEADS_TO.length());
        Run.command(Tools.go("etcdutl").toString(), "snapshot", "status", file.toString())
                .mustSucceed();
        return said.substring(0, said.indexOf(",", said.indexOf(',') + 1)).replace(" hash ", " ");
    }

    /** An etcd made of the restored file: what it says of a revision. */
    private static String servedByEtcd(Cluster cluster, long revision) {
        Cluster etcd = Cluster.prepare(Tools.go("etcd"), "backup-etcd", Cluster.freePorts(2));
        String peer = etcd.initialCluster().substring(etcd.initialCluster().indexOf('=') + 1);
        Run.command(
                        Tools.go("etcdutl").toString(),
                        "snapshot",
                        "restore",
                        cluster.directory().resolve("restored.db").toString(),
                        "--name",
                        etcd.members().getFirst().name(),
                        "--data-dir",
                        etcd.members().getFirst().data().toString(),
                        "--initial-cluster",
                        etcd.initialCluster(),
                        "--initial-cluster-token",
                        "e2e",
                        "--initial-advertise-peer-urls",
                        peer)
                .mustSucceed();
        try (etcd) {
            etcd.launch();
            return hash(etcd, revision);
        }
    }

    private static long revision(Cluster cluster) {
        return Long.parseLong(hash(cluster, 0).split(",", -1)[0]);
    }

    /** Revision and hash. */
    private static String hash(Cluster cluster, long revision) {
        String output = Run.command(
                        Tools.go("etcdctl").toString(),
                        "--endpoints",
                        cluster.members().getFirst().endpoint(),
                        "endpoint",
                        "hashkv",
                        "--rev",
                        String.valueOf(revision))
                .mustSucceed();
        String[] columns = output.lines().toList().getLast().split(", ", -1);
        return columns[2] + ", " + columns[1];
    }
}
