package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MembersThatComeBackTest {

    private static final int LARGE_VALUE_BYTES = 1_000_000;
    private static final int LARGE_VALUES = 180;
    private static final Duration NOTICED_MAX = Duration.ofSeconds(30);

    @Test
    void aVoterWithoutItsDataStopsAndTheOthersGoOn() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "wiped", 3)) {
            assertThat(cluster.etcdctl("put", "before", "1").succeeds()).isTrue();
            Member wiped = cluster.leader();
            wiped.kill();
            wiped.wipe();

            wiped.launch();

            assertThat(wiped.awaitExit()).as("exit code, see " + wiped.log()).isNotZero();
            assertThat(wiped.logText()).contains("another data directory").doesNotContain("ready to serve");
            // A write sent on to the dead leader is refused once the next one leads: a client asks again.
            Await.until(
                    "a write through the others",
                    NOTICED_MAX,
                    () -> cluster.etcdctl("put", "after", "2").succeeds());
        }
    }

    @Test
    void aMemberThatFellBehindTheLogCatchesUpBySnapshotWhileWritesGoOn() {
        try (Cluster cluster = Cluster.start(
                Tools.keelson(),
                "catch-up",
                3,
                "--snapshot-count",
                "100",
                "--snapshot-catchup-entries",
                "10",
                "--max-request-bytes",
                "2000000")) {
            Member leader = cluster.leader();
            Member late = cluster.members().stream()
                    .filter(member -> member != leader)
                    .findFirst()
                    .orElseThrow();
            late.kill();
            for (int i = 0; i < LARGE_VALUES; i++) {
                Run.Result put = cluster.etcdctl("put", "large-" + i % 20)
                        .reading("x".repeat(LARGE_VALUE_BYTES))
                        .result();
                assertThat(put.exitCode()).as(put.output()).isZero();
            }
            try (Load load = Load.start(cluster, 4)) {
                Await.until("writes", NOTICED_MAX, () -> load.acknowledged() > 100);

                late.launch();
                late.awaitReady();

                assertThat(late.logText()).contains("applied snapshot");
                System.out.println("catch-up by snapshot: " + load.verify());
            }
        }
    }
}
