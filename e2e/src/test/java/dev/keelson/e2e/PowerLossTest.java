package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.OnDisks;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Takes the power of members under load: what they had not synced is gone, on all of them at once every other time. */
class PowerLossTest {

    private static final int WRITERS = 8;
    private static final int WRITES_BETWEEN = 100;
    private static final int DISK_MIB = 200;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);

    private final Cycles cycles = Cycles.of("power losses");

    @Test
    void whatWasAcknowledgedSurvivesTheLossOfPower() throws IOException {
        String verdict = "";
        int all = 0;
        try (OnDisks machines = OnDisks.start(Tools.server(), "power", DISK_MIB, "--snapshot-count", "200");
                Load load = Load.start(machines.cluster(), WRITERS)) {
            List<Member> members = machines.cluster().members();
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
                boolean everywhere = cycle % 2 == 0;
                all += everywhere ? 1 : 0;
                cutOff(machines, everywhere ? members : List.of(cycles.oneOf(members)));
                verdict = load.verify();
            }
        }
        cycles.summary(all + " of them of all members at once; " + verdict);
    }

    private static void cutOff(OnDisks machines, List<Member> victims) throws IOException {
        for (Member victim : victims) {
            Files.writeString(witness(victim), "never synced");
        }
        victims.forEach(Member::pause);
        victims.forEach(victim -> machines.of(victim).losePower());
        victims.forEach(Member::kill);
        victims.forEach(victim -> machines.of(victim).unmount());
        victims.forEach(victim -> machines.of(victim).mount());
        for (Member victim : victims) {
            assertThat(Files.exists(witness(victim)) && Files.size(witness(victim)) > 0)
                    .as("the power was really gone")
                    .isFalse();
            Files.deleteIfExists(witness(victim));
        }
        victims.forEach(Member::launch);
        victims.forEach(Member::awaitReady);
        assertThat(Cluster.awaitLeader(machines.cluster().members()).isAlive()).isTrue();
    }

    private static Path witness(Member member) {
        return member.data().resolve("lost+found/witness");
    }
}
