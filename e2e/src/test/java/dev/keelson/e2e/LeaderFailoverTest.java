package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Probe;
import dev.keelson.e2e.harness.Tools;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderFailoverTest {

    private static final int TIMES = Integer.getInteger("e2e.failovers", 20);
    private static final long TWO_ELECTION_TIMEOUTS_MILLIS = 2_000;

    @Test
    void writesGoOnWithinTwoElectionTimeoutsOfTheLeadersDeath() {
        List<Long> millis = new ArrayList<>();
        try (Cluster cluster = Cluster.start(Tools.server(), "failover", 3)) {
            for (int time = 0; time < TIMES; time++) {
                Member leader = cluster.leader();
                millis.add(millisWithout(cluster, leader));
                leader.launch();
                leader.awaitReady();
                assertThat(cluster.etcdctl("endpoint", "health").succeeds()).isTrue();
            }
        }
        Collections.sort(millis);
        System.out.println("writes go on after the leader's death, ms: " + millis);
        assertThat(millis.get(millis.size() / 2)).as("median of " + millis).isLessThan(TWO_ELECTION_TIMEOUTS_MILLIS);
    }

    /** Kills it before the eyes of a client that is connected to the others. */
    private static long millisWithout(Cluster cluster, Member leader) {
        List<Member> others =
                cluster.members().stream().filter(member -> member != leader).toList();
        try (Probe probe = Probe.of(others)) {
            leader.kill();
            return probe.millisUntilAWriteSucceeds();
        }
    }
}
