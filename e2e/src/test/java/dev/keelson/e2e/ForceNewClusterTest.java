package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cluster.Place;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two of three members are lost for good; the third is told to go on alone, and two new ones join it. */
class ForceNewClusterTest {

    private static final Duration TURN_MAX = Duration.ofSeconds(60);
    private static final int WRITES = 100;

    @Test
    void oneMemberGoesOnWithAllItsDataAndTheLostOnesStayOut() {
        try (Cluster cluster = Cluster.start(Tools.keelson(), "force-new", 3)) {
            try (Load load = Load.start(cluster, 4)) {
                load.awaitMore(WRITES, TURN_MAX);
            }
            // What only the two would know is lost with them, as with etcd.
            Await.until("the same revision everywhere", TURN_MAX, () -> revisions(cluster) == 1);
            Member left = cluster.members().getFirst();
            List<Member> lost = List.copyOf(cluster.members().subList(1, 3));
            List<String> former = ids(cluster);
            cluster.members().forEach(Member::kill);
            lost.forEach(cluster::forget);

            left.launchWith("--force-new-cluster");
            left.awaitReady();

            assertThat(left.logText()).contains("forcing a cluster of this member alone");
            assertThat(ids(cluster)).hasSize(1).isSubsetOf(former);
            try (Load load = Load.start(cluster, 4)) {
                load.awaitMore(WRITES, TURN_MAX);
                load.verify();
                add(cluster, "n1");
                load.awaitMore(WRITES, TURN_MAX);
                add(cluster, "n2");
                load.awaitMore(WRITES, TURN_MAX);

                assertThat(ids(cluster)).hasSize(3).doesNotContain(former.get(1), former.get(2));
                lost.getFirst().launch();
                load.awaitMore(WRITES, TURN_MAX);
                assertThat(lost.getFirst().logText()).doesNotContain("ready to serve");
                assertThat(ids(cluster)).hasSize(3);
                System.out.println("force new cluster: " + load.verify());
            } finally {
                lost.getFirst().kill();
            }
        }
    }

    private static long revisions(Cluster cluster) {
        return cluster.etcdctl("endpoint", "status", "-w", "fields")
                .mustSucceed()
                .lines()
                .filter(line -> line.startsWith("\"Revision\""))
                .distinct()
                .count();
    }

    /** The members' ids, that of the first member first. */
    private static List<String> ids(Cluster cluster) {
        String first = cluster.members().getFirst().endpoint();
        return cluster.etcdctl("member", "list")
                .mustSucceed()
                .lines()
                .sorted((one, other) -> Boolean.compare(other.contains(first), one.contains(first)))
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
    }

    private static void add(Cluster cluster, String name) {
        List<Integer> ports = Cluster.freePorts(2);
        String peer = "127.0.0.1:" + ports.getLast();
        List<Member> others = List.copyOf(cluster.members());
        Await.until(
                "a place for " + name,
                TURN_MAX,
                () -> cluster.etcdctl("member", "add", name, "--peer-urls=http://" + peer)
                        .succeeds());
        Member joining =
                cluster.joining(Tools.keelson(), name, new Place("127.0.0.1:" + ports.getFirst(), peer, peer), others);
        joining.launch();
        joining.awaitReady();
    }
}
