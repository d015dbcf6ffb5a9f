package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LeaderFailoverTest {

    private static final int TIMES = Integer.getInteger("e2e.failovers", 20);
    private static final long TWO_ELECTION_TIMEOUTS_MILLIS = 2_000;

    @Test
    void writesGoOnWithinTwoElectionTimeoutsOfTheLeadersDeath() {
        List<Long> millis = new ArrayList<>();
        try (Cluster cluster = Cluster.start(Tools.keelson(), "failover", 3)) {
            for (int time = 0; time < TIMES; time++) {
                Member leader = cluster.leader();
                leader.kill();
                millis.add(millisUntilAWriteSucceeds(cluster, leader));
                leader.launch();
                leader.awaitReady();
                assertThat(cluster.etcdctl("endpoint", "health").succeeds()).isTrue();
            }
        }
        Collections.sort(millis);
        System.out.println("writes go on after the leader's death, ms: " + millis);
        assertThat(millis.get(millis.size() / 2)).as("median of " + millis).isLessThan(TWO_ELECTION_TIMEOUTS_MILLIS);
    }

    private static long millisUntilAWriteSucceeds(Cluster cluster, Member dead) {
        long begin = System.nanoTime();
        String others = cluster.members().stream()
                .filter(member -> member != dead)
                .map(Member::endpoint)
                .collect(Collectors.joining(","));
        boolean written = false;
        while (!written) {
            written = Run.command(
                            Tools.go("etcdctl").toString(),
                            "--endpoints",
                            others,
                            "--command-timeout",
                            "3s",
                            "put",
                            "failover",
                            "x")
                    .succeeds();
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
