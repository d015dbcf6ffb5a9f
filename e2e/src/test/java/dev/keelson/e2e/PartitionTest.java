package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Links;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Namespaces;
import dev.keelson.e2e.harness.Probe;
import dev.keelson.e2e.harness.Proxy;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Disturbs the network between members under load: the majority goes on, the minority neither writes nor reads. */
class PartitionTest {

    private static final int WRITERS = 6;
    private static final long WRITES_BETWEEN = 50;

    /**
     * A follower waits for one to two election timeouts, of a second each; a leader that hears nobody keeps them waiting
     * for as long before; and each time that their votes are split costs the same again.
     */
    private static final long RESUMED_MILLIS_MAX = 8_000;

    private static final Duration DELAY = Duration.ofMillis(40);
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(60);

    private final Map<String, List<Long>> resumed = new TreeMap<>();

    private enum Disturbance {
        CUT_OFF,
        DEAF,
        MUTE,
        RESET,
        HALF_OPEN,
        CHOPPY;

        void begin(Links links, Member victim) {
            switch (this) {
                case CUT_OFF -> links.isolate(victim);
                case DEAF -> links.to(victim).forEach(proxy -> proxy.become(Proxy.Fault.BLACKHOLE));
                case MUTE -> links.from(victim).forEach(proxy -> proxy.become(Proxy.Fault.BLACKHOLE));
                case RESET -> both(links, victim, Proxy.Fault.RESET);
                case HALF_OPEN -> both(links, victim, Proxy.Fault.HALF_OPEN);
                case CHOPPY -> links.slowDown(DELAY);
            }
        }

        private static void both(Links links, Member victim, Proxy.Fault fault) {
            links.from(victim).forEach(proxy -> proxy.become(fault));
            links.to(victim).forEach(proxy -> proxy.become(fault));
        }
    }

    @Test
    void theOthersGoOnWhateverTheNetworkDoesToOneMember() {
        Cycles cycles = Cycles.of("disturbed links");
        String verdict = "";
        try (Links links = Links.start("links", 3);
                Load load = Load.start(links.cluster(), WRITERS)) {
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
                var kind = Disturbance.values()[cycle % Disturbance.values().length];
                boolean leads = cycle / Disturbance.values().length % 2 == 0;
                Member leader = Cluster.awaitLeader(links.cluster().members());
                Member victim = leads ? leader : cycles.oneOf(links.cluster().without(leader));
                disturb(links, victim, kind, kind + (leads ? " leader" : " follower"));
                verdict = load.verify();
            }
        }
        cycles.summary("writes go on through the others after " + resumed + " ms; " + verdict);
    }

    private void disturb(Links links, Member victim, Disturbance kind, String name) {
        try (Probe probe = Probe.of(links.cluster().without(victim))) {
            kind.begin(links, victim);
            note(name, probe.millisUntilAWriteSucceeds());
            if (kind != Disturbance.CHOPPY) {
                refusesWithoutTheOthers(victim, kind == Disturbance.CUT_OFF);
            }
        } finally {
            links.heal();
        }
    }

    @Test
    void aPartitionLeavesServiceToTheMajority() {
        Namespaces.assumeAvailable();
        Cycles cycles = Cycles.of("partitions");
        String verdict = "";
        try (Namespaces network = Namespaces.start(Tools.server(), "partition", 5);
                Load load = Load.start(network.cluster(), WRITERS)) {
            for (int cycle = 0; cycle < cycles.count(); cycle++) {
                load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
                split(network, cycle % 2 == 0, cycles);
                verdict = load.verify();
            }
        }
        cycles.summary("the majority goes on after " + resumed + " ms; " + verdict);
    }

    /** Two of five go, the leader among them or not. */
    private void split(Namespaces network, boolean leads, Cycles cycles) {
        Cluster cluster = network.cluster();
        Member leader = Cluster.awaitLeader(cluster.members());
        List<Member> followers = new ArrayList<>(cluster.without(leader));
        Member first = leads ? leader : cycles.oneOf(followers);
        followers.remove(first);
        List<Member> minority = List.of(first, cycles.oneOf(followers));
        List<Member> majority = cluster.members().stream()
                .filter(member -> !minority.contains(member))
                .toList();
        try (Probe probe = Probe.of(majority)) {
            network.setApart(minority);
            note(leads ? "without the leader" : "with the leader", probe.millisUntilAWriteSucceeds());
            minority.forEach(member -> refusesWithoutTheOthers(member, true));
        } finally {
            network.heal();
        }
    }

    private void note(String name, long millis) {
        resumed.computeIfAbsent(name, _ -> new ArrayList<>()).add(millis);
        assertThat(millis).as("ms until writes go on: " + name).isLessThan(RESUMED_MILLIS_MAX);
    }

    /** What it has it may show to those who accept the past. */
    private static void refusesWithoutTheOthers(Member alone, boolean provable) {
        if (provable) {
            assertThat(asked(alone, "put", "refused", "x").exitCode())
                    .as("a write through " + alone.name())
                    .isNotZero();
            assertThat(asked(alone, "get", "refused").exitCode())
                    .as("a linearizable read through " + alone.name())
                    .isNotZero();
        }
        Run.Result old = asked(alone, "get", "load/", "--prefix", "--limit", "1", "--consistency", "s");
        assertThat(old.exitCode()).as(old.output()).isZero();
    }

    private static Run.Result asked(Member member, String... words) {
        List<String> command = new ArrayList<>(
                List.of(Tools.go("etcdctl").toString(), "--endpoints", member.endpoint(), "--command-timeout", "1s"));
        command.addAll(List.of(words));
        return Run.command(command).result();
    }
}
