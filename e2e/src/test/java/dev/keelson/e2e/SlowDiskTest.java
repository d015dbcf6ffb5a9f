package dev.keelson.e2e;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.OnDisks;
import dev.keelson.e2e.harness.Throttle;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slows down the disk of a follower, then of the leader, under load: writes get slower but go on. */
class SlowDiskTest {

    private static final int WRITERS = 8;
    private static final int DISK_MIB = 200;
    private static final long BYTES_PER_SECOND = 32 * 1024;
    private static final long WRITES_MIN = 50;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    private final Cycles cycles = Cycles.of("slow disks");
    private final List<String> rates = new ArrayList<>();

    @Test
    void writesGoOnWhileTheDiskOfAMemberIsSlow() {
        Throttle.assumeAvailable();
        String verdict = "";
        try (OnDisks machines = OnDisks.start(Tools.server(), "slow", DISK_MIB, "--snapshot-count", "500")) {
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                boolean leads = cycle % 2 == 1;
                Member leader = Cluster.awaitLeader(machines.cluster().members());
                Member victim = leads ? leader : cycles.oneOf(machines.cluster().without(leader));
                verdict = slowDown(machines, victim, leads ? "leader " : "follower ");
            }
        }
        cycles.summary(
                "writes/s before -> with " + BYTES_PER_SECOND / 1024 + " KiB/s of disk: " + rates + "; " + verdict);
    }

    /** Clients of the slow member itself wait for its disk; here it is the others' that count. */
    private String slowDown(OnDisks machines, Member victim, String name) {
        Cluster cluster = machines.cluster();
        try (Load load = Load.through(cluster.without(victim), cluster, WRITERS)) {
            load.awaitMore(WRITES_MIN, PROGRESS_MAX);
            long before = writesPerSecond(load);
            try (Throttle _ = Throttle.of(victim, machines.of(victim), BYTES_PER_SECOND)) {
                load.awaitMore(WRITES_MIN, PROGRESS_MAX);
                rates.add(name + before + " -> " + writesPerSecond(load));
            }
            return load.verify();
        }
    }

    private static long writesPerSecond(Load load) {
        long before = load.acknowledged();
        Await.passing(MEASURED);
        return (load.acknowledged() - before) / MEASURED.toSeconds();
    }
}
