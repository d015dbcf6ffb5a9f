package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users do to clusters and what happens to them, on a real Kubernetes, while clients write. */
class OperatorFlowsTest {

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    @Test
    void theSmallestSampleBecomesAClusterOnThreeNodes() throws IOException {
        String sample = Files.readString(Kubernetes.ROOT.resolve("charts/keelson/samples/minimal.yaml"));
        assertThat(sample).contains("spec: {}");
        try (Flow flow = Flow.start(kubernetes, "sample", "{}")) {
            OperatedCluster cluster = flow.cluster();
            List<String> nodes = new ArrayList<>();
            for (String pod : cluster.pods()) {
                nodes.add(cluster.of(pod, ".spec.nodeName"));
            }
            assertThat(nodes).hasSize(3).doesNotHaveDuplicates();
            assertThat(cluster.ids()).hasSize(3).doesNotHaveDuplicates();
            assertThat(cluster.pods()).contains(cluster.leader());
            assertThat(cluster.kubectl("get", "pdb", "--output", "jsonpath={.items[*].spec.minAvailable}"))
                    .isEqualTo("2");
            flow.during("writing", Flow.STALL_MAX, cluster::awaitReady);

            cluster.applySample("client.yaml");
            assertThat(cluster.outputOf("client")).contains("https://config:2379");
            assertThat(cluster.throughTunnel("put", "greeting", "hello")).contains("OK");
            assertThat(cluster.throughTunnel("get", "greeting")).contains("hello");
        }
    }

    @Test
    void membersComeAndGoByScaleWhileClientsWrite() {
        try (Flow flow = Flow.start(kubernetes, "scale", Flow.spec(1, "Preferred"))) {
            OperatedCluster cluster = flow.cluster();
            List<String> all = new ArrayList<>(cluster.ids());
            int from = 1;
            for (int to : List.of(3, 5, 3)) {
                flow.during("scale from %d to %d".formatted(from, to), Flow.STALL_MAX, () -> {
                    cluster.scale(to);
                    cluster.awaitReady();
                });
                assertThat(cluster.ids()).hasSize(to).doesNotHaveDuplicates();
                all.addAll(
                        cluster.ids().stream().filter(id -> !all.contains(id)).toList());
                from = to;
            }
            assertThat(all).as("ids of all members there ever were").hasSize(5);
            cluster.awaitNothingLeftBut(3);
        }
    }

    @Test
    void aDeletedPodComesBackWithItsDataAndItsId() {
        try (Flow flow = Flow.start(kubernetes, "delete", 3)) {
            OperatedCluster cluster = flow.cluster();
            List<String> ids = cluster.ids();
            for (String pod : cluster.pods()) {
                String before = cluster.of(pod, ".metadata.uid");
                flow.during("delete " + pod, Flow.STALL_MAX, () -> {
                    cluster.kubectl("delete", "pod", pod);
                    cluster.awaitPodOtherThan(pod, before);
                    cluster.awaitReady();
                });
            }
            assertThat(cluster.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aMemberThatLostItsVolumeIsReplacedByOneOfAnotherId() {
        try (Flow flow = Flow.start(kubernetes, "loss", 3)) {
            OperatedCluster cluster = flow.cluster();
            String lost = cluster.pods().stream()
                    .filter(pod -> !pod.equals(cluster.leader()))
                    .findFirst()
                    .orElseThrow();
            String id = cluster.id(lost);
            String claim = cluster.of(lost, ".spec.volumes[?(@.name==\"data\")].persistentVolumeClaim.claimName");
            flow.during("loss of the volume of " + lost, Flow.STALL_MAX, () -> {
                cluster.kubectl("delete", "pvc", claim, "--wait=false");
                cluster.kubectl("delete", "pod", lost);
                cluster.awaitNoMember(lost);
                cluster.awaitReady();
            });
            assertThat(cluster.ids()).hasSize(3).doesNotContain(id);
            cluster.awaitNothingLeftBut(3);
        }
    }

    @Test
    void aKilledLeaderIsBackAfterItsSuccessorHasTakenOver() {
        try (Flow flow = Flow.start(kubernetes, "kill", 3)) {
            OperatedCluster cluster = flow.cluster();
            String leader = cluster.leader();
            flow.during("kill -9 of the leader " + leader, Flow.STALL_MAX.plusSeconds(1), () -> {
                String container = cluster.of(leader, ".status.containerStatuses[0].containerID");
                String node = cluster.of(leader, ".spec.nodeName");
                kubernetes.node(
                        "exec",
                        node,
                        "ctr",
                        "--namespace",
                        "k8s.io",
                        "task",
                        "kill",
                        "--signal",
                        "SIGKILL",
                        container.replace("containerd://", ""));
                cluster.awaitRestarts(leader, 1);
                cluster.awaitReady();
            });
        }
    }

    @Test
    void clientsWriteOnWhileANodeIsWithoutPowerAndItsMemberComesBackWithIt() {
        try (Flow flow = Flow.start(kubernetes, "power", 3)) {
            OperatedCluster cluster = flow.cluster();
            List<String> ids = cluster.ids();
            String node = cluster.of(cluster.leader(), ".spec.nodeName");
            try {
                flow.during("power off of the leader's " + node, Flow.STALL_WITHOUT_NODE_MAX, () -> {
                    kubernetes.node("kill", node);
                    cluster.awaitNotReady();
                });
            } finally {
                kubernetes.node("start", node);
            }
            flow.during("power on of " + node, Flow.STALL_MAX, cluster::awaitReady);
            assertThat(cluster.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void everyNodeIsDrainedInTurn() {
        try (Flow flow = Flow.start(kubernetes, "drain", 3)) {
            OperatedCluster cluster = flow.cluster();
            for (String pod : cluster.pods()) {
                String node = cluster.of(pod, ".spec.nodeName");
                String before = cluster.of(pod, ".metadata.uid");
                flow.during("drain of " + node, Flow.STALL_MAX, () -> {
                    try {
                        kubernetes.kubectl(
                                "drain",
                                node,
                                "--ignore-daemonsets",
                                "--delete-emptydir-data",
                                "--force",
                                "--pod-selector=keelson.dev/cluster",
                                "--timeout=120s");
                    } finally {
                        kubernetes.kubectl("uncordon", node);
                    }
                    cluster.awaitPodOtherThan(pod, before);
                    cluster.awaitReady();
                });
            }
        }
    }
}
