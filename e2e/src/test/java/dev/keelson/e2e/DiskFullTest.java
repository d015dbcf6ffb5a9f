package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.OnDisks;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Fills up the disk of a follower, then of the leader, under load, and makes room again. */
class DiskFullTest {

    private static final String FULL = "No space left on device";
    private static final Pattern FILE = Pattern.compile(".*/(wal|db|\\w+)/[^/ ]*: " + FULL + ".*");
    private static final int WRITERS = 8;
    private static final int WRITES_BETWEEN = 50;
    private static final int DISK_MIB = 200;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);
    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final Duration NOTICED_MAX = Duration.ofSeconds(30);

    private final Cycles cycles = Cycles.of("full disks");
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void theOthersGoOnAndTheMemberComesBackWhenThereIsRoom() {
        String verdict = "";
        try (OnDisks machines = OnDisks.start(Tools.keelson(), "full", DISK_MIB, "--snapshot-count", "200");
                Load load = Load.start(machines.cluster(), WRITERS)) {
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
                Member leader = Cluster.awaitLeader(machines.cluster().members());
                boolean leads = cycle % 2 == 1;
                Member victim = leads ? leader : cycles.oneOf(machines.cluster().without(leader));
                outcomes.merge((leads ? "leader " : "follower ") + fill(machines, load, victim), 1, Integer::sum);
                verdict = load.verify();
            }
        }
        cycles.summary(outcomes + "; " + verdict);
    }

    /** Says what the member did about it. */
    private static String fill(OnDisks machines, Load load, Member victim) {
        machines.of(victim).fill();
        load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
        Await.until(
                victim.name() + " notices that its disk is full, see " + victim.log(),
                NOTICED_MAX,
                () -> !victim.isAlive() || victim.logText().contains(FULL));
        String outcome = "goes on";
        if (victim.endsWithin(END_MAX)) {
            assertThat(victim.awaitExit()).as("exit code, see " + victim.log()).isNotZero();
            assertThat(victim.logText()).as("see " + victim.log()).doesNotContain("\tat ");
            List<String> reasons =
                    victim.logText().lines().filter(line -> line.contains(FULL)).toList();
            assertThat(reasons).as("one clear line, see " + victim.log()).hasSize(1);
            outcome = "ends, full was " + FILE.matcher(reasons.getFirst()).replaceFirst("$1");
        }
        load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
        machines.of(victim).makeRoom();
        if (!victim.isAlive()) {
            victim.launch();
            victim.awaitReady();
        }
        return outcome;
    }
}
