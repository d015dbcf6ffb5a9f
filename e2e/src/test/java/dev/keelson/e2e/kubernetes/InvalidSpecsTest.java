package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Run;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Specifications that mean nothing or would do harm: refused with what to change, and members go on untouched. */
class InvalidSpecsTest {

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    /** Specifications that Kubernetes refuses, each with a part of what it says. */
    private static Map<String, String> refused() {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("{members: 0}", "greater than or equal to 1");
        refused.put("{members: 8}", "less than or equal to 7");
        refused.put("{storage: {size: 512Mi}}", "a volume cannot shrink");
        refused.put("{storage: {size: plenty}}", "spec.storage.size");
        refused.put("{storage: {storageClassName: other}}", "the storage class of a cluster cannot change");
        refused.put("{tls: {mode: Disabled}}", "TLS cannot be turned on or off");
        refused.put("{auth: {enabled: true}}", "auth.enabled needs auth.rootPasswordSecret");
        refused.put("{version: latest}", "spec.version");
        refused.put("{server: {electionTimeout: soon}}", "spec.server.electionTimeout");
        refused.put("{recovery: {replaceMemberAfter: never}}", "spec.recovery.replaceMemberAfter");
        refused.put("{storage: {onScaleIn: Burn}}", "Unsupported value");
        return refused;
    }

    /** Specifications that only the operator can refuse, each with a part of what it says. */
    private static Map<String, String> invalid() {
        Map<String, String> invalid = new LinkedHashMap<>();
        invalid.put("{version: 0.3.0}", "skips minor versions");
        invalid.put("{version: 1.0.0}", "another major version");
        invalid.put("{server: {electionTimeout: 200ms}}", "at least 5 times");
        invalid.put("{server: {electionTimeout: 55s}}", "at most 50s");
        invalid.put("{server: {extraOptions: {data-dir: /tmp}}}", "data-dir is set by the operator");
        return invalid;
    }

    /** Merging them takes each of {@link #invalid()} back. */
    private static final String VALID = "{version: '', server: {electionTimeout: 1s, extraOptions: {data-dir: null}}}";

    @Test
    void areRefusedAndMembersServeOnUntouched() {
        try (Flow flow = Flow.start(kubernetes, "invalid", 3)) {
            OperatedCluster cluster = flow.cluster();
            Map<String, String> before = cluster.uids();
            flow.during(
                    "specifications that Kubernetes refuses",
                    Flow.STALL_MAX,
                    () -> refused().forEach((fields, said) -> {
                        Run.Result answer = cluster.tryPatch(fields);
                        assertThat(answer.exitCode()).as(fields).isNotZero();
                        assertThat(answer.output()).as(fields).contains(said);
                    }));
            flow.during(
                    "specifications that the operator refuses",
                    Flow.STALL_MAX,
                    () -> invalid().forEach((fields, said) -> {
                        cluster.patch(fields);
                        cluster.awaitCondition("SpecValid", "False", said);
                        cluster.patch(VALID);
                        cluster.awaitCondition("SpecValid", "True", "");
                    }));
            cluster.awaitReady();
            assertThat(cluster.uids()).isEqualTo(before);
        }
    }

    @Test
    void anInvalidSpecificationDoesNotKeepTheOperatorFromBringingMembersBack() {
        try (Flow flow = Flow.start(kubernetes, "kept", 3)) {
            OperatedCluster cluster = flow.cluster();
            cluster.patch("{version: 0.3.0, members: 5}");
            cluster.awaitCondition("SpecValid", "False", "skips minor versions");
            String pod = cluster.pods().getFirst();
            String uid = cluster.of(pod, ".metadata.uid");
            flow.during("a lost Pod under an invalid specification", Flow.STALL_MAX, () -> {
                cluster.kubectl("delete", "pod", pod);
                cluster.awaitPodOtherThan(pod, uid);
                cluster.awaitCondition("Ready", "True", "");
            });
            assertThat(cluster.pods()).hasSize(3);
        }
    }

    @Test
    void aSecretThatIsMissingIsNamedAndMembersServeOnWithoutIt() {
        try (Flow flow = Flow.start(kubernetes, "secret", Flow.spec(1, "Preferred"))) {
            OperatedCluster cluster = flow.cluster();
            Map<String, String> before = cluster.uids();
            flow.during("a password that is not there", Flow.STALL_MAX, () -> {
                cluster.patch("{auth: {enabled: true, rootPasswordSecret: {name: words}}}");
                cluster.awaitCondition("Degraded", "True", "words");
                cluster.patch("{auth: {enabled: false, rootPasswordSecret: null}}");
                cluster.awaitCondition("Degraded", "False", "");
            });
            assertThat(cluster.uids()).isEqualTo(before);
        }
    }

    @Test
    void evenSizesAreWarnedAbout() {
        try (Flow flow = Flow.start(kubernetes, "even", Flow.spec(1, "Preferred"))) {
            OperatedCluster cluster = flow.cluster();
            flow.during("scale from 1 to 2", Flow.STALL_MAX, () -> {
                cluster.scale(2);
                cluster.awaitReady();
            });
            cluster.awaitCondition("SpecValid", "True", "2 members tolerate no more failures than 1");
            assertThat(cluster.events()).anyMatch(event -> event.note().contains("an odd number is better"));
        }
    }

    @Test
    void namesThatAreNoneForPodsAndServicesAreRefused() {
        for (String name : new String[] {"c".repeat(41), "4you", "a.b"}) {
            Run.Result answer = kubernetes.tryApply("default", """
                    apiVersion: keelson.dev/v1alpha1
                    kind: KeelsonCluster
                    metadata: {name: %s}
                    spec: {}
                    """.formatted(name));
            assertThat(answer.exitCode()).as(name).isNotZero();
            assertThat(answer.output()).contains("the name must be a DNS label of at most 40 characters");
        }
    }
}
