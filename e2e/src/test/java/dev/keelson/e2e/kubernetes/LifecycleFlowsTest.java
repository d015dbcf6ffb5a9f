package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pause, volumes that grow, and the end of a cluster, on a real Kubernetes. */
class LifecycleFlowsTest {

    /** Some seconds of writes, in which the operator looks at the cluster again and again. */
    private static final int WRITES_OF_A_WHILE = 2_000;

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    @Test
    void nothingHappensToMembersWhileAClusterIsPausedAndAllOfItAfterwards() {
        try (Flow flow = Flow.start(kubernetes, "pause", 3)) {
            OperatedCluster cluster = flow.cluster();
            cluster.patch("{paused: true}");
            cluster.awaitPhase("Paused");
            Map<String, String> before = cluster.uids();
            String gone = cluster.pods().stream()
                    .filter(pod -> !pod.equals(cluster.leader()))
                    .findFirst()
                    .orElseThrow();
            flow.during("a pause", Flow.STALL_MAX, () -> {
                cluster.kubectl("delete", "pod", gone);
                cluster.patch("{resources: {requests: {cpu: 60m}}}");
                cluster.awaitLookedAt();
                flow.awaitWrites(WRITES_OF_A_WHILE);
            });
            before.remove(gone);
            assertThat(cluster.uids()).isEqualTo(before);
            assertThat(cluster.status(".plan[*].step")).contains("CreatePod").contains("RestartPod");

            flow.during("its end", Flow.STALL_MAX, () -> {
                cluster.patch("{paused: false}");
                cluster.awaitReady();
            });
            assertThat(cluster.uids().values()).hasSize(3).doesNotContainAnyElementsOf(before.values());
        }
    }

    @Test
    void volumesOfAClassThatCannotGrowStayAndMembersGoOn() {
        try (Flow flow = Flow.start(kubernetes, "rigid", 3)) {
            OperatedCluster cluster = flow.cluster();
            Map<String, String> before = cluster.uids();
            flow.during("growth of volumes that cannot grow", Flow.STALL_MAX, () -> {
                cluster.patch("{storage: {size: 2Gi}}");
                cluster.awaitCondition("Degraded", "True", "resize");
            });
            assertThat(cluster.uids()).isEqualTo(before);
            assertThat(cluster.sizesOfClaims()).containsOnly("1Gi");
        }
    }

    /** A storage class whose volumes may grow, while it is open. */
    private record GrowingClass(Kubernetes kubernetes) implements AutoCloseable {

        static final String NAME = "keelson-e2e-growing";

        GrowingClass {
            kubernetes.apply("default", """
                    apiVersion: storage.k8s.io/v1
                    kind: StorageClass
                    metadata: {name: %s}
                    provisioner: rancher.io/local-path
                    volumeBindingMode: WaitForFirstConsumer
                    allowVolumeExpansion: true
                    """.formatted(NAME));
        }

        @Override
        public void close() {
            kubernetes.kubectl("delete", "storageclass", NAME, "--ignore-not-found");
        }
    }

    /** What the operator has to do is to ask; the volumes of this Kubernetes do not grow by it. */
    @Test
    void largerVolumesAreAskedForOfAClassThatCanGrow() {
        String spec = """
                {members: 1, storage: {size: 1Gi, storageClassName: %s, onClusterDeletion: Delete},
                 resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 512Mi}}}
                """.formatted(GrowingClass.NAME);
        try (var _ = new GrowingClass(kubernetes);
                Flow flow = Flow.start(kubernetes, "growth", spec)) {
            OperatedCluster cluster = flow.cluster();
            Map<String, String> before = cluster.uids();
            flow.during("growth of volumes", Flow.STALL_MAX, () -> {
                cluster.patch("{storage: {size: 2Gi}}");
                Await.until(
                        "a request for a larger volume",
                        OperatedCluster.READY_MAX,
                        OperatedCluster.LOOK_EVERY,
                        () -> cluster.sizesOfClaims().equals(List.of("2Gi")));
            });
            assertThat(cluster.uids()).isEqualTo(before);
        }
    }

    @Test
    void volumesOfADeletedClusterStayOrGoAsItsSpecificationSaid() {
        for (String fate : List.of("Retain", "Delete")) {
            String spec = """
                    {members: 1, storage: {size: 1Gi, onClusterDeletion: %s},
                     resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 512Mi}}}
                    """.formatted(fate);
            try (OperatedCluster cluster = OperatedCluster.start(kubernetes, "end", spec)) {
                cluster.delete(fate.equals("Retain") ? 1 : 0);

                cluster.apply(spec);
                cluster.awaitReady();
                assertThat(cluster.sizesOfClaims())
                        .as("a new cluster takes no volume of an old one")
                        .hasSize(fate.equals("Retain") ? 2 : 1);
            }
        }
    }
}
