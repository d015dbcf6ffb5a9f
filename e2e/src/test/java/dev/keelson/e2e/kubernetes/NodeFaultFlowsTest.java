package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to the nodes of a cluster, on a real Kubernetes while clients write. */
class NodeFaultFlowsTest {

    /** Members of a lost node are given up soon, so that the test need not wait for as long as users would. */
    private static final String IMPATIENT = "{recovery: {replaceMemberAfter: 20s}}";

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    @Test
    void membersServeOnWhereAKubeletDies() {
        breakAndMend("kubelet", "kill-kubelet", "start", Flow.STALL_MAX);
    }

    @Test
    void aNodeWithoutACableIsMissedAndItsMemberComesBackWithIt() {
        breakAndMend("cable", "cut", "join", Flow.STALL_WITHOUT_NODE_MAX);
    }

    /** What is done to the leader's node is noticed, and all members are the same when it is undone. */
    private void breakAndMend(String test, String fault, String remedy, Duration stallMax) {
        try (Flow flow = Flow.start(kubernetes, test, 3)) {
            OperatedCluster cluster = flow.cluster();
            List<String> ids = cluster.ids();
            String node = cluster.of(cluster.leader(), ".spec.nodeName");
            try {
                flow.during(fault + " of the leader's " + node, stallMax, () -> {
                    kubernetes.node(fault, node);
                    cluster.awaitNotReady();
                });
            } finally {
                kubernetes.node(remedy, node);
            }
            flow.during(remedy + " of " + node, Flow.STALL_MAX, cluster::awaitReady);
            assertThat(cluster.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aMemberThatIsAwayForTooLongIsReplacedAndNothingStaysOfIt() {
        try (Flow flow = Flow.start(kubernetes, "away", Flow.spec(3, "Preferred"))) {
            OperatedCluster cluster = flow.cluster();
            cluster.patch(IMPATIENT);
            cluster.awaitReady();
            String lost = cluster.leader();
            String id = cluster.id(lost);
            String node = cluster.of(lost, ".spec.nodeName");
            try {
                flow.during("cut of " + node + " for too long", Flow.STALL_WITHOUT_NODE_MAX, () -> {
                    kubernetes.node("cut", node);
                    cluster.awaitVoters(3, id);
                });
            } finally {
                kubernetes.node("join", node);
            }
            flow.during("join of " + node + ", whose member was replaced", Flow.STALL_MAX, () -> {
                cluster.awaitNoMember(lost);
                cluster.awaitReady();
            });
            assertThat(cluster.ids()).hasSize(3).doesNotContain(id);
            cluster.awaitNothingLeftBut(3);
        }
    }

    @Test
    void aMemberWhoseDiskIsWipedIsReplacedByOneOfAnotherId() {
        try (Flow flow = Flow.start(kubernetes, "wipe", 3)) {
            OperatedCluster cluster = flow.cluster();
            cluster.patch(IMPATIENT);
            cluster.awaitReady();
            String lost = cluster.leader();
            String id = cluster.id(lost);
            String node = cluster.of(lost, ".spec.nodeName");
            flow.during("wipe of the disk of the leader's " + node, Flow.STALL_WITHOUT_NODE_MAX, () -> {
                kubernetes.node("kill", node);
                kubernetes.node("wipe", node);
                kubernetes.node("start", node);
                cluster.awaitNoMember(lost);
                cluster.awaitReady();
            });
            assertThat(cluster.ids()).hasSize(3).doesNotContain(id);
            cluster.awaitNothingLeftBut(3);
        }
    }
}
