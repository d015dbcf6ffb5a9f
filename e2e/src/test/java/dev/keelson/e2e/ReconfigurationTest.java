package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cluster.Place;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import dev.keelson.e2e.harness.Watchers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster whose members come and go while clients write, by the real etcdctl. */
class ReconfigurationTest {

    private static final Duration TURN_MAX = Duration.ofSeconds(60);
    private static final int WRITES_BETWEEN = 50;

    /** The number of the first member that takes the place of another. */
    private static final int NEWCOMERS = 3;

    /** A change is refused until whoever is asked has been connected to enough of the others for some seconds. */
    private static void change(Cluster cluster, String... words) {
        Await.until(
                String.join(" ", words), TURN_MAX, () -> cluster.etcdctl(words).succeeds());
    }

    private static String id(Cluster cluster, Member member) {
        return cluster.etcdctl("member", "list")
                .mustSucceed()
                .lines()
                .filter(line ->
                        line.contains("http://" + member.endpoint()) || line.contains(", " + member.name() + ", "))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow();
    }

    private static Member add(Cluster cluster, int number) {
        List<Integer> ports = Cluster.freePorts(2);
        String peer = "127.0.0.1:" + ports.getLast();
        List<Member> others = List.copyOf(cluster.members());
        change(cluster, "member", "add", "m" + number, "--peer-urls=http://" + peer);
        Member joining = cluster.joining(
                Tools.keelson(), "m" + number, new Place("127.0.0.1:" + ports.getFirst(), peer, peer), others);
        joining.launch();
        joining.awaitReady();
        return joining;
    }

    /** Who asks through the member that leaves may not hear that it is done, and then that there is no such member. */
    private static void remove(Cluster cluster, Member member) {
        String id = id(cluster, member);
        Await.until("member remove " + id, TURN_MAX, () -> {
            Run.Result result = cluster.etcdctl("member", "remove", id).result();
            return result.exitCode() == 0 || result.output().contains("member not found");
        });
        assertThat(member.awaitExit()).as("exit code, see " + member.log()).isNotZero();
        assertThat(member.logText()).contains("removed from the cluster");
        cluster.forget(member);
    }

    @Test
    void aClusterGrowsToFiveAndShrinksToThreeWhileClientsWrite() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "reconfiguration", 1);
                Load load = Load.start(cluster, 4)) {
            for (int number = 1; number < 5; number++) {
                add(cluster, number);
                load.awaitMore(WRITES_BETWEEN, TURN_MAX);
            }
            assertThat(cluster.etcdctl("member", "list").mustSucceed().lines()).hasSize(5);

            moveTheLeadToTheFirst(cluster);
            remove(cluster, cluster.members().getLast());
            remove(cluster, cluster.members().getLast());
            load.awaitMore(WRITES_BETWEEN, TURN_MAX);
            replaceOne(cluster);
            load.awaitMore(WRITES_BETWEEN, TURN_MAX);

            assertThat(cluster.etcdctl("member", "list").mustSucceed().lines()).hasSize(3);
            System.out.println("reconfiguration: " + load.verify());
        }
    }

    @Test
    void everyMemberIsReplacedInTurnWhileClientsWriteAndWatch() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "replacements", 3);
                Load load = Load.following(cluster, 4);
                Watchers watchers = Watchers.start(cluster, 4)) {
            List<Member> founders = List.copyOf(cluster.members());
            for (Member founder : founders) {
                load.awaitMore(WRITES_BETWEEN, TURN_MAX);
                // As an operator does it: the leader hands over before it goes.
                leadElsewhere(cluster, founder);
                add(cluster, NEWCOMERS + founders.indexOf(founder));
                remove(cluster, founder);
            }

            assertThat(cluster.members()).hasSize(3).doesNotContainAnyElementsOf(founders);
            System.out.println("replacements: " + load.verify() + "; " + watchers.verify(load));
        }
    }

    private static void leadElsewhere(Cluster cluster, Member founder) {
        if (cluster.leader() == founder) {
            change(cluster, "move-leader", id(cluster, cluster.without(founder).getLast()));
        }
    }

    /** The clients write through the first member, so it stays. */
    private static void moveTheLeadToTheFirst(Cluster cluster) {
        Member first = cluster.members().getFirst();
        if (cluster.leader() != first) {
            cluster.etcdctl("move-leader", id(cluster, first)).mustSucceed();
        }
        assertThat(cluster.leader()).isSameAs(first);
    }

    private static void replaceOne(Cluster cluster) {
        Member lost = cluster.members().getLast();
        lost.kill();
        change(cluster, "member", "remove", id(cluster, lost));
        cluster.forget(lost);

        add(cluster, 9);

        lost.launch();
        assertThat(lost.awaitExit()).as("exit code, see " + lost.log()).isNotZero();
    }

    @Test
    void aLearnerIsAddedAndPromoted() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "learner", 1)) {
            List<Integer> ports = Cluster.freePorts(2);
            String peer = "127.0.0.1:" + ports.getLast();
            cluster.etcdctl("member", "add", "late", "--learner", "--peer-urls=http://" + peer)
                    .mustSucceed();
            Member learner = cluster.joining(
                    Tools.keelson(),
                    "late",
                    new Place("127.0.0.1:" + ports.getFirst(), peer, peer),
                    List.of(cluster.members().getFirst()));
            cluster.forget(learner);
            String id = id(cluster, "unstarted");
            assertThat(refusal(cluster, "member", "promote", id)).contains("in sync with leader");
            assertThat(refusal(cluster, "member", "add", "more", "--learner", "--peer-urls=http://127.0.0.1:1"))
                    .contains("etcdserver: too many learner members in cluster");
            learner.launch();
            learner.awaitReady();

            change(cluster, "member", "promote", id);

            assertThat(cluster.etcdctl("member", "list").mustSucceed().lines())
                    .hasSize(2)
                    .allMatch(line -> line.endsWith("false"));
            learner.kill();
        }
    }

    private static String id(Cluster cluster, String state) {
        return cluster.etcdctl("member", "list")
                .mustSucceed()
                .lines()
                .filter(line -> line.contains(", " + state + ", "))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow();
    }

    private static String refusal(Cluster cluster, String... words) {
        Run.Result result = cluster.etcdctl(words).result();
        assertThat(result.exitCode()).as(result.output()).isNotZero();
        return result.output();
    }
}
