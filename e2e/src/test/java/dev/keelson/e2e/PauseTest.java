package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Probe;
import dev.keelson.e2e.harness.Reads;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Stops the clock of a member for a while, as a long collection of garbage or a suspended machine would. */
class PauseTest {

    private static final String COUNTER = "load/counter/0";
    private static final int WRITERS = 8;
    private static final int WRITES_BETWEEN = 50;
    private static final int READS = 6;
    private static final int PAUSE_MILLIS_MIN = 100;
    private static final int PAUSE_MILLIS_MAX = 6_000;
    private static final long RESUMED_MILLIS_MAX = 10_000;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);

    private final Cycles cycles = Cycles.of("pauses");
    private final List<Long> resumed = new ArrayList<>();
    private int answered;
    private int refused;

    @Test
    void theOthersGoOnAndAPausedMemberNeverAnswersFromThePast() {
        String verdict = "";
        try (Cluster cluster = Cluster.start(Tools.server(), "pause", 3);
                Load load = Load.start(cluster, WRITERS)) {
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
                Member leader = Cluster.awaitLeader(cluster.members());
                pauseOnce(cluster, load, cycle % 2 == 0 ? leader : cycles.oneOf(cluster.members()));
                verdict = load.verify();
            }
        }
        cycles.summary("writes through the others after " + Cycles.spread(resumed) + "; linearizable reads through the "
                + "paused member: " + answered + " right, " + refused + " refused, 0 stale; " + verdict);
    }

    private void pauseOnce(Cluster cluster, Load load, Member victim) {
        int millis = cycles.random().nextInt(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX + 1);
        try (Probe probe = Probe.of(cluster.without(victim));
                Reads reads = Reads.through(victim, COUNTER)) {
            long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            victim.pause();
            try {
                if (millis > PAUSE_MILLIS_MAX / 2) {
                    long taken = probe.millisUntilAWriteSucceeds();
                    assertThat(taken)
                            .as("writes go on without " + victim.name())
                            .isLessThan(RESUMED_MILLIS_MAX);
                    resumed.add(taken);
                }
                Await.passing(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                long newest = load.newest(COUNTER);
                begin(reads);
                victim.resume();
                begin(reads);
                for (int read = 0; read < 2 * READS; read++) {
                    check(reads.answer(), newest, victim);
                }
            } finally {
                victim.resume();
            }
        }
    }

    /** Some wait in the paused member's sockets and are the first that it sees; others come as it wakes. */
    private static void begin(Reads reads) {
        for (int read = 0; read < READS; read++) {
            reads.begin();
        }
    }

    private void check(OptionalLong answer, long newest, Member victim) {
        if (answer.isEmpty()) {
            refused++;
            return;
        }
        answered++;
        assertThat(answer.getAsLong())
                .as(COUNTER + " read through " + victim.name() + " when " + newest + " was acknowledged")
                .isGreaterThanOrEqualTo(newest);
    }
}
