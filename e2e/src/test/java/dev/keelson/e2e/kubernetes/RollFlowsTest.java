package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that restart members, on a real Kubernetes while clients write: one at a time, the leader last. */
class RollFlowsTest {

    private static final String VERSION = "0.1.0";

    /** The same image under another name: what differs for the operator is what it would be told of a real one. */
    private static final String NEXT_VERSION = "0.1.1";

    private static final String NEXT_MINOR_VERSION = "0.2.0";
    private static final String VERSION_TOO_FAR = "0.4.0";

    private static final String VERSION_THAT_IS_NOT_THERE = "0.1.9";

    /** Some seconds of writes, in which the operator looks at the cluster again and again. */
    private static final int WRITES_WHILE_IT_STOPS = 2_000;

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    /** Every member is replaced, the one last that led before, and it has handed over then. */
    private static void roll(Flow flow, String what, String fields) {
        OperatedCluster cluster = flow.cluster();
        Map<String, String> before = cluster.uids();
        List<String> ids = cluster.ids();
        String leader = cluster.leader();
        int events = cluster.events().size();
        flow.during(what, Flow.STALL_OF_ROLL_MAX, () -> {
            cluster.patch(fields);
            cluster.awaitReady();
        });
        assertThat(cluster.uids().values()).hasSameSizeAs(before.values()).doesNotContainAnyElementsOf(before.values());
        assertThat(cluster.ids()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(cluster.podsByAge())
                .as("order of restarts: " + cluster.events())
                .endsWith(leader);
        assertThat(cluster.events().subList(events, cluster.events().size()))
                .anyMatch(event ->
                        event.reason().equals("MoveLeader") && event.note().startsWith(leader + ":"));
    }

    @Test
    void aChangedOptionReachesOneMemberAfterTheOtherAndTheLeaderLast() {
        try (Flow flow = Flow.start(kubernetes, "options", 3)) {
            roll(flow, "roll of an option", "{server: {extraOptions: {max-txn-ops: '256'}}}");
            for (String pod : flow.cluster().pods()) {
                assertThat(flow.cluster().of(pod, ".spec.containers[0].args")).contains("--max-txn-ops=256");
            }
            roll(flow, "roll of resources", "{resources: {requests: {cpu: 60m}}}");
            for (String pod : flow.cluster().pods()) {
                assertThat(flow.cluster().of(pod, ".spec.containers[0].resources.requests.cpu"))
                        .isEqualTo("60m");
            }
        }
    }

    @Test
    void anotherVersionAndThenTheOldOneReachOneMemberAfterTheOtherAndTheLeaderLast() {
        kubernetes.nameImageOfMembersAlso(VERSION, NEXT_VERSION);
        try (Flow flow = Flow.start(kubernetes, "version", 3)) {
            roll(flow, "roll of an image", "{version: " + NEXT_VERSION + "}");
            for (String pod : flow.cluster().pods()) {
                assertThat(flow.cluster().of(pod, ".spec.containers[0].image")).endsWith(":" + NEXT_VERSION);
            }
            assertThat(flow.cluster().status(".version")).isEqualTo(NEXT_VERSION);
            roll(flow, "roll back of an image", "{version: " + VERSION + "}");
            assertThat(flow.cluster().status(".version")).isEqualTo(VERSION);
        }
    }

    @Test
    void anImageThatIsNotThereStopsAtOneMemberAndTheOldSpecificationBringsItBack() {
        try (Flow flow = Flow.start(kubernetes, "image", 3)) {
            OperatedCluster cluster = flow.cluster();
            Map<String, String> before = cluster.uids();
            flow.during("roll of an image that is not there", Flow.STALL_OF_ROLL_MAX, () -> {
                cluster.patch("{version: " + VERSION_THAT_IS_NOT_THERE + "}");
                cluster.awaitCondition("Degraded", "True", VERSION_THAT_IS_NOT_THERE);
                flow.awaitWrites(WRITES_WHILE_IT_STOPS);
            });
            stoppedAfterOne(cluster, before);
            flow.during("the image of before", Flow.STALL_OF_ROLL_MAX, () -> {
                cluster.patch("{version: " + VERSION + "}");
                cluster.awaitReady();
            });
            stoppedAfterOne(cluster, before);
            cluster.awaitCondition("Degraded", "False", "");
        }
    }

    @Test
    void aSecretThatIsMissingStopsAtOneMember() {
        try (Flow flow = Flow.start(kubernetes, "missing", 3)) {
            OperatedCluster cluster = flow.cluster();
            Map<String, String> before = cluster.uids();
            flow.during("roll of a secret that is not there", Flow.STALL_OF_ROLL_MAX, () -> {
                cluster.patch(
                        "{podTemplate: {env: [{name: WORD, valueFrom: {secretKeyRef: {name: words, key: one}}}]}}");
                cluster.awaitCondition("Degraded", "True", "words");
                flow.awaitWrites(WRITES_WHILE_IT_STOPS);
            });
            stoppedAfterOne(cluster, before);
            flow.during("the secret comes", Flow.STALL_OF_ROLL_MAX, () -> {
                cluster.kubectl("create", "secret", "generic", "words", "--from-literal=one=word");
                cluster.awaitReady();
            });
            assertThat(cluster.uids().values()).doesNotContainAnyElementsOf(before.values());
        }
    }

    @Test
    void membersGoUpAMinorVersionAndDownAgainAndNeverTwoAtOnce() {
        kubernetes.nameImageOfMembersAlso(VERSION, NEXT_MINOR_VERSION);
        try (Flow flow = Flow.start(kubernetes, "minor", 3)) {
            roll(flow, "roll of a minor version", "{version: " + NEXT_MINOR_VERSION + "}");
            Map<String, String> before = flow.cluster().uids();
            flow.during("a jump over a minor version", Flow.STALL_OF_ROLL_MAX, () -> {
                flow.cluster().patch("{version: " + VERSION_TOO_FAR + "}");
                flow.cluster().awaitCondition("SpecValid", "False", "skips minor versions");
            });
            assertThat(flow.cluster().uids()).isEqualTo(before);
            roll(flow, "roll down to the minor version of before", "{version: " + VERSION + "}");
            assertThat(flow.cluster().status(".version")).isEqualTo(VERSION);
        }
    }

    private static void stoppedAfterOne(OperatedCluster cluster, Map<String, String> before) {
        Map<String, String> now = cluster.uids();
        assertThat(now).hasSameSizeAs(before);
        now.entrySet().removeAll(before.entrySet());
        assertThat(now).as("members that were touched").hasSize(1);
    }
}
