package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the operator takes while ten clusters have nothing to be done, as the kubelet measures it in its control group.
 * {@code -De2e.members=3} makes clusters of three members where there is room for thirty.
 */
class IdleOperatorTest {

    private static final int CLUSTERS = 10;
    private static final int MEMBERS = Integer.getInteger("e2e.members", 1);
    private static final Duration MEASURED = Duration.ofMinutes(5);
    private static final long MEMORY_MAX = 250L << 20;
    private static final double CORES_MAX = 0.02;

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    @Test
    void tenClustersThatNeedNothingCostNextToNothing() {
        List<OperatedCluster> clusters = new ArrayList<>();
        try {
            for (int i = 0; i < CLUSTERS; i++) {
                clusters.add(OperatedCluster.start(kubernetes, "idle" + i, Flow.spec(MEMBERS, "Preferred")));
            }
            String operator = kubernetes.operatorAtWork();
            Usage before = Usage.of(kubernetes, operator);
            Await.passing(MEASURED);
            Usage after = Usage.of(kubernetes, operator);
            assertThat(kubernetes.operatorAtWork()).isEqualTo(operator);
            double cores = after.coresSince(before);
            Flow.show("operator of %d idle clusters of %d members: %.1f MiB, %.2f %% of a core"
                    .formatted(CLUSTERS, MEMBERS, after.memory() / (double) (1 << 20), cores * 100));
            assertThat(after.memory()).as("bytes in use").isLessThanOrEqualTo(MEMORY_MAX);
            assertThat(cores).as("cores in use").isLessThanOrEqualTo(CORES_MAX);
        } finally {
            clusters.forEach(OperatedCluster::close);
        }
    }
}
