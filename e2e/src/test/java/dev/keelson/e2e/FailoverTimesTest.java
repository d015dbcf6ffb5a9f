package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Links;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Measures how long writes stand still when the leader dies, stops, or can no longer be reached by the others. */
class FailoverTimesTest {

    private static final int WRITERS = 4;
    private static final long WRITES_BETWEEN = 30;
    private static final long MILLIS_MAX = 10_000;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);

    private final Cycles cycles = Cycles.of("fail-over");

    @Test
    void writesGoOnSoonAfterTheLeaderIsGone() {
        try (Links links = Links.start("failover-times", 3);
                Load load = Load.start(links.cluster(), WRITERS)) {
            List<Long> killed = measured(links.cluster(), load, Member::kill, leader -> {
                leader.launch();
                leader.awaitReady();
            });
            List<Long> paused = measured(links.cluster(), load, Member::pause, Member::resume);
            List<Long> isolated = measured(links.cluster(), load, links::isolate, _ -> links.heal());
            cycles.summary("killed: " + Cycles.spread(killed) + "; paused: " + Cycles.spread(paused) + "; isolated: "
                    + Cycles.spread(isolated) + "; " + load.verify());
        }
    }

    private List<Long> measured(Cluster cluster, Load load, Consumer<Member> fault, Consumer<Member> end) {
        List<Long> millis = new ArrayList<>();
        for (int cycle = 0; cycle < cycles.count(); cycle++) {
            load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
            Member leader = Cluster.awaitLeader(cluster.members());
            try (Probe probe = Probe.of(cluster.without(leader))) {
                fault.accept(leader);
                millis.add(probe.millisUntilAWriteSucceeds());
            } finally {
                end.accept(leader);
            }
            load.verify();
        }
        assertThat(millis).allSatisfy(taken -> assertThat(taken).isLessThan(MILLIS_MAX));
        return millis;
    }
}
