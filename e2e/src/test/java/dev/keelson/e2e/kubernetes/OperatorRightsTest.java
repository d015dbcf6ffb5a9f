package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator may do on a real Kubernetes: it runs under the Role that its chart ships, and that is enough. */
class OperatorRightsTest {

    private Kubernetes kubernetes;

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    private String may(String... words) {
        return kubernetes.asOperator(words).output().strip();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list secrets",
                "watch secrets",
                "delete secrets",
                "get nodes",
                "update keelsonclusters.keelson.dev",
                "delete keelsonclusters.keelson.dev",
                "create pods --subresource=exec",
                "get pods --subresource=log",
                "delete namespaces",
                "create clusterrolebindings.rbac.authorization.k8s.io",
                "create serviceaccounts --subresource=token",
                "impersonate users"
            })
    void mayNot(String words) {
        assertThat(may(words.split(" "))).as(words).endsWith("no");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create pods", "get secrets", "update keelsonclusters.keelson.dev --subresource=status"})
    void may(String words) {
        assertThat(may(words.split(" "))).as(words).endsWith("yes");
    }

    @Test
    void membersMayNotEvenAskWhoTheyAre() {
        try (OperatedCluster cluster = OperatedCluster.start(kubernetes, "rights", Flow.spec(1, "Preferred"))) {
            String pod = cluster.pods().getFirst();
            assertThat(cluster.of(pod, ".spec.automountServiceAccountToken")).isEqualTo("false");
            assertThat(cluster.of(pod, ".spec.containers[0].volumeMounts[*].mountPath"))
                    .doesNotContain("serviceaccount");
            assertThat(kubernetes.operatorLogs())
                    .as("nothing that the operator wants to do is forbidden to it")
                    .doesNotContainPattern("User \"system:serviceaccount:[^\"]*\" cannot");
        }
    }
}
