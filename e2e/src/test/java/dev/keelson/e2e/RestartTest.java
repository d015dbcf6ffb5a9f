package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a member with much data takes to come back; {@code -De2e.restart.keys=100000,1000000} asks for more. */
class RestartTest {

    private static final int VALUE_BYTES = 256;

    static int[] keys() {
        return java.util.Arrays.stream(
                        System.getProperty("e2e.restart.keys", "100000").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aFullMemberComesBackWithAllItsKeys(int keys) {
        System.out.printf("%-10s %9s %12s %12s %13s%n", "server", "keys", "killed, ms", "stopped, ms", "resident, MiB");
        restart("etcd", Tools.go("etcd"), keys);
        restart("keelson", Tools.keelson(), keys);
    }

    private static void restart(String name, Path program, int keys) {
        try (Cluster cluster = Cluster.start(program, "restart-" + name, 1)) {
            Member member = cluster.members().getFirst();
            fill(cluster, keys);

            member.kill();
            long afterKill = millisToReady(member);
            assertThat(count(cluster)).isEqualTo(keys);
            member.stop();
            long afterStop = millisToReady(member);

            assertThat(count(cluster)).isEqualTo(keys);
            System.out.printf("%-10s %,9d %,12d %,12d %,13d%n", name, keys, afterKill, afterStop, member.residentMib());
        }
    }

    private static void fill(Cluster cluster, int keys) {
        Run.Result filled = Run.command(
                        Tools.go("benchmark").toString(),
                        "--endpoints=" + cluster.endpoints(),
                        "--conns=50",
                        "--clients=500",
                        "put",
                        "--sequential-keys",
                        "--total=" + keys,
                        "--key-space-size=" + keys,
                        "--val-size=" + VALUE_BYTES)
                .result();
        assertThat(filled.exitCode()).as(filled.output()).isZero();
    }

    private static long millisToReady(Member member) {
        long begin = System.nanoTime();
        member.launch();
        member.awaitReady();
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static long count(Cluster cluster) {
        return cluster.etcdctl("get", "--prefix", "", "--count-only", "-w", "fields")
                .result()
                .output()
                .lines()
                .filter(line -> line.startsWith("\"Count\""))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
