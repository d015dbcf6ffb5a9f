package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users do to clusters and what happens to them, on a real Kubernetes, while clients write. */
class OperatorFlowsTest {

    private static final Duration WRITES_MAX = Duration.ofSeconds(60);
    private static final int WRITES_BETWEEN = 100;
    private static final int WORKERS = 4;
    private static final int OPERATORS_KILLED = 4;

    /** Twice the election timeout that clusters have by default. */
    private static final Duration STALL_MAX = Duration.ofSeconds(2);

    /** Clients of a member whose machine is gone learn of it from an unanswered ping, which takes 13 seconds at most. */
    private static final Duration STALL_WITHOUT_POWER_MAX = Duration.ofSeconds(20);

    /** Small members, so that five of them fit on one machine, and share nodes when there are fewer than five. */
    private static final String SPEC = """
            {members: %d, storage: {size: 1Gi, onClusterDeletion: Delete}, scheduling: {hostAntiAffinity: %s},
             resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 512Mi}}}
            """;

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    private OperatedCluster start(String test, int members, String hostAntiAffinity) {
        return OperatedCluster.start(kubernetes, test, SPEC.formatted(members, hostAntiAffinity));
    }

    private static void show(String text) {
        System.out.println("operator flows: " + text);
    }

    /** Runs a change while clients write; fails when they had to wait longer than that or lost anything. */
    private static void under(Load load, String what, Duration stallMax, Runnable change) {
        long before = load.acknowledged();
        long begun = System.nanoTime();
        change.run();
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
        Duration stall = load.longestStallAfter(before);
        show("%s: %d ms, longest stall %d ms; %s".formatted(what, taken.toMillis(), stall.toMillis(), load.verify()));
        assertThat(stall).as("longest stall of writes: " + what).isLessThan(stallMax);
    }

    @Test
    void theSmallestSampleBecomesAClusterOnThreeNodes() throws IOException {
        String sample = Files.readString(Kubernetes.ROOT.resolve("charts/keelson/samples/minimal.yaml"));
        assertThat(sample).contains("spec: {}");
        long begun = System.nanoTime();
        try (OperatedCluster cluster = OperatedCluster.start(kubernetes, "sample", "{}")) {
            show("apply to Ready: %d ms".formatted((System.nanoTime() - begun) / 1_000_000));

            List<String> nodes = new ArrayList<>();
            for (String pod : cluster.pods()) {
                nodes.add(cluster.of(pod, ".spec.nodeName"));
            }
            assertThat(nodes).hasSize(3).doesNotHaveDuplicates();
            assertThat(cluster.ids()).hasSize(3).doesNotHaveDuplicates();
            assertThat(cluster.pods()).contains(cluster.leader());
            assertThat(cluster.kubectl("get", "pdb", "--output", "jsonpath={.items[*].spec.minAvailable}"))
                    .isEqualTo("2");
            try (Load load = cluster.load(WORKERS)) {
                load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
                show(load.verify());
            }
        }
    }

    @Test
    void membersComeAndGoByScaleWhileClientsWrite() {
        try (OperatedCluster cluster = start("scale", 1, "Preferred");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            List<String> all = new ArrayList<>(cluster.ids());
            int from = 1;
            for (int to : List.of(3, 5, 3)) {
                under(load, "scale from %d to %d".formatted(from, to), STALL_MAX, () -> {
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
        try (OperatedCluster cluster = start("delete", 3, "Required");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            List<String> ids = cluster.ids();
            for (String pod : cluster.pods()) {
                String before = cluster.of(pod, ".metadata.uid");
                under(load, "delete " + pod, STALL_MAX, () -> {
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
        try (OperatedCluster cluster = start("loss", 3, "Required");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            String lost = cluster.pods().stream()
                    .filter(pod -> !pod.equals(cluster.leader()))
                    .findFirst()
                    .orElseThrow();
            String id = cluster.id(lost);
            String claim = cluster.of(lost, ".spec.volumes[?(@.name==\"data\")].persistentVolumeClaim.claimName");
            under(load, "loss of the volume of " + lost, STALL_MAX, () -> {
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
    void operatorsThatAreKilledAgainAndAgainScaleAClusterAllTheSame() {
        try (OperatedCluster cluster = start("operator", 1, "Preferred");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            under(load, "scale from 1 to 3 by operators that die", STALL_MAX, () -> {
                cluster.scale(3);
                for (int killed = 0; killed < OPERATORS_KILLED; killed++) {
                    cluster.awaitStep();
                    kubernetes.killOperator();
                }
                cluster.awaitReady();
            });
            assertThat(cluster.ids()).hasSize(3).doesNotHaveDuplicates();
            cluster.awaitNothingLeftBut(3);
        }
    }

    @Test
    void aKilledLeaderIsBackAfterItsSuccessorHasTakenOver() {
        try (OperatedCluster cluster = start("kill", 3, "Required");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            String leader = cluster.leader();
            under(load, "kill -9 of the leader " + leader, STALL_MAX.plusSeconds(1), () -> {
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
        try (OperatedCluster cluster = start("power", 3, "Required");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            List<String> ids = cluster.ids();
            String node = cluster.of(cluster.leader(), ".spec.nodeName");
            try {
                under(load, "power off of the leader's " + node, STALL_WITHOUT_POWER_MAX, () -> {
                    kubernetes.node("kill", node);
                    cluster.awaitNotReady();
                });
            } finally {
                kubernetes.node("start", node);
            }
            under(load, "power on of " + node, STALL_MAX, cluster::awaitReady);
            assertThat(cluster.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void everyNodeIsDrainedInTurn() {
        try (OperatedCluster cluster = start("drain", 3, "Required");
                Load load = cluster.load(WORKERS)) {
            load.awaitMore(WRITES_BETWEEN, WRITES_MAX);
            for (String pod : cluster.pods()) {
                String node = cluster.of(pod, ".spec.nodeName");
                String before = cluster.of(pod, ".metadata.uid");
                under(load, "drain of " + node, STALL_MAX, () -> {
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
