package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.OnDisks;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Fills up, under load, the disk of a follower, then of the leader, and the quota of all; looks what still works, makes
 * room again, and lets the load go on. Nobody restarts.
 */
class DiskFullTest {

    private static final String REFUSAL = "etcdserver: mvcc: database space exceeded";
    private static final int WRITERS = 8;
    private static final int WRITES_BETWEEN = 50;
    private static final int DISK_MIB = 200;
    private static final long QUOTA_BYTES = 8 << 20;
    private static final int FILLER_BYTES = 1_000_000;
    private static final int FILLERS_MAX = 50;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);
    private static final Duration NOTICED_MAX = Duration.ofSeconds(30);

    private final Cycles cycles = Cycles.of("full disks");
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void aFullDiskStopsWritesAndNothingElseUntilThereIsRoom() {
        String verdict = "";
        try (OnDisks machines = OnDisks.start(Tools.keelson(), "full", DISK_MIB, "--snapshot-count", "200");
                Load load = Load.start(machines.cluster(), WRITERS)) {
            Cluster cluster = machines.cluster();
            List<Long> processes = processes(cluster);
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
                Member leader = Cluster.awaitLeader(cluster.members());
                boolean leads = cycle % 2 == 1;
                Member victim = leads ? leader : cycles.oneOf(cluster.without(leader));
                machines.of(victim).fill();
                awaitAlarm(cluster, victim);
                assertOnlyWritesStop(cluster);
                machines.of(victim).makeRoom();
                awaitRoom(victim);
                resume(cluster, load);
                verdict = load.verify();
                outcomes.merge((leads ? "leader" : "follower") + " was full and goes on", 1, Integer::sum);
            }
            assertThat(processes(cluster)).as("the processes").isEqualTo(processes);
        }
        cycles.summary(outcomes + "; " + verdict);
    }

    @Test
    void aFullStoreStopsWritesAndNothingElseUntilItIsEmptied() {
        try (Cluster cluster = Cluster.start(
                        Tools.keelson(), "quota", 3, "--quota-backend-bytes", String.valueOf(QUOTA_BYTES));
                Load load = Load.start(cluster, WRITERS)) {
            List<Long> processes = processes(cluster);
            load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
            String filler = "x".repeat(FILLER_BYTES);
            String refusal = Stream.generate(() -> put(cluster, "filler", filler))
                    .limit(FILLERS_MAX)
                    .filter(output -> !output.equals("OK"))
                    .findFirst()
                    .orElse("");
            assertThat(refusal).contains(REFUSAL);
            assertOnlyWritesStop(cluster);

            cluster.etcdctl("del", "filler").mustSucceed();
            compact(cluster);
            cluster.etcdctl("defrag").mustSucceed();
            resume(cluster, load);

            System.out.println("quota: " + load.verify());
            assertThat(processes(cluster)).as("the processes").isEqualTo(processes);
        }
    }

    private static List<Long> processes(Cluster cluster) {
        return cluster.members().stream().map(Member::pid).toList();
    }

    private static String put(Cluster cluster, String key, String value) {
        return cluster.etcdctl("put", key).reading(value).result().output().strip();
    }

    private static void awaitAlarm(Cluster cluster, Member victim) {
        Await.until(victim.name() + " notices that its disk is full, see " + victim.log(), NOTICED_MAX, () -> {
            assertThat(victim.isAlive()).as("see " + victim.log()).isTrue();
            return cluster.etcdctl("alarm", "list").result().output().contains("NOSPACE");
        });
    }

    /** What tells users that the alarm may be cleared: before it, the member raises it anew. */
    private static void awaitRoom(Member victim) {
        Await.until(victim.name() + " notices that there is room, see " + victim.log(), NOTICED_MAX, () -> {
            String log = victim.logText();
            return log.lastIndexOf("the disk has room again") > log.lastIndexOf("the disk is nearly full");
        });
    }

    /** Puts are refused by every member; reads, deletions and compactions are not. */
    private static void assertOnlyWritesStop(Cluster cluster) {
        for (Member member : cluster.members()) {
            Run.Result put = Run.command(
                            Tools.go("etcdctl").toString(), "--endpoints", member.endpoint(), "put", "one", "more")
                    .result();
            assertThat(put.output()).as("a put through " + member.name()).contains(REFUSAL);
        }
        cluster.etcdctl("get", "one").mustSucceed();
        cluster.etcdctl("del", "one").mustSucceed();
        compact(cluster);
    }

    private static void compact(Cluster cluster) {
        String status = cluster.etcdctl("get", "one", "-w", "json").mustSucceed();
        String revision = status.replaceFirst("(?s).*\"revision\":(\\d+).*", "$1");
        cluster.etcdctl("compaction", "--physical", revision).mustSucceed();
    }

    /** The alarm is cleared again where a member raised it just before it saw that there is room; then it stays cleared. */
    private static void resume(Cluster cluster, Load load) {
        long enough = load.acknowledged() + WRITES_BETWEEN;
        Await.until(enough + " acknowledged writes, the alarm cleared", PROGRESS_MAX, () -> {
            cluster.etcdctl("alarm", "disarm").mustSucceed();
            return load.acknowledged() >= enough;
        });
        load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
    }
}
