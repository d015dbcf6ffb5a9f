package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators that die in the middle of what they do, on a real Kubernetes while clients write: the next one finishes it. */
class KilledOperatorFlowsTest {

    private static final int KILLED_FOR_EACH_CHANGE = 4;

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    private void byOperatorsThatDie(Flow flow, String what, Runnable change) {
        flow.during(what + " by operators that die", Flow.STALL_MAX, () -> {
            change.run();
            for (int killed = 0; killed < KILLED_FOR_EACH_CHANGE; killed++) {
                flow.cluster().awaitStep();
                kubernetes.killOperator();
            }
            flow.cluster().awaitReady();
        });
    }

    @Test
    void operatorsThatAreKilledAgainAndAgainChangeAClusterAllTheSame() {
        try (Flow flow = Flow.start(kubernetes, "operator", Flow.spec(1, "Preferred"))) {
            OperatedCluster cluster = flow.cluster();
            byOperatorsThatDie(flow, "scale from 1 to 3", () -> cluster.scale(3));
            List<String> ids = cluster.ids();
            assertThat(ids).hasSize(3).doesNotHaveDuplicates();
            cluster.awaitNothingLeftBut(3);

            Map<String, String> before = cluster.uids();
            byOperatorsThatDie(flow, "roll", () -> cluster.patch("{server: {extraOptions: {max-txn-ops: '256'}}}"));
            assertThat(cluster.uids().values()).doesNotContainAnyElementsOf(before.values());
            assertThat(cluster.ids()).containsExactlyInAnyOrderElementsOf(ids);

            byOperatorsThatDie(flow, "scale from 3 to 1", () -> cluster.scale(1));
            assertThat(ids).containsAll(cluster.ids());
            cluster.awaitNothingLeftBut(1);
        }
    }
}
