package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm makes of the chart, against stored renderings; {@code -Dchart.rewrite=true} stores them anew. */
class ChartTest {

    private static final Path CHART = Kubernetes.ROOT.resolve("charts/keelson");
    private static final Path RENDERINGS = Path.of("src/test/resources/chart").toAbsolutePath();

    /** How lines begin by which Helm tells that it follows the links in the chart. */
    private static final String NOTICE = "level=INFO";

    private static Run.Result render(String... more) {
        var words = new ArrayList<>(List.of(
                Kubernetes.program("helm"), "template", "keelson", CHART.toString(), "--namespace", "keelson-system"));
        words.addAll(List.of(more));
        Run.Result result = Run.command(words).result();
        return new Run.Result(
                result.exitCode(),
                result.output()
                        .lines()
                        .filter(line -> !line.startsWith(NOTICE))
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "namespaces", "everything"})
    void rendersAsItIsStored(String values) throws IOException {
        Path stored = RENDERINGS.resolve(values + ".yaml");

        Run.Result rendering = render(
                "--values", RENDERINGS.resolve(values + ".values.yaml").toString(), "--set", "crds.install=false");

        assertThat(rendering.exitCode()).as(rendering.output()).isZero();
        if (Boolean.getBoolean("chart.rewrite")) {
            Files.writeString(stored, rendering.output());
        }
        assertThat(rendering.output()).isEqualTo(Files.readString(stored));
    }

    @Test
    void definitionsOfResourcesComeWithItAndStayWhenItGoes() throws IOException {
        String rendering = render().output();

        try (Stream<Path> definitions = Files.list(Kubernetes.ROOT.resolve("crds"))) {
            for (Path definition : definitions.toList()) {
                String name = definition.getFileName().toString().replaceFirst("-v1\\.yml$|\\.yaml$", "");
                assertThat(rendering).contains("name: " + name);
            }
        }
        assertThat(rendering.split("kind: CustomResourceDefinition\n", -1).length)
                .isEqualTo(rendering.split("helm.sh/resource-policy: keep\n", -1).length)
                .isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas=0",
                "replica=2",
                "image.repository=",
                "image.pullPolicy=Sometimes",
                "node.version=latest",
                "watchNamespaces={Upper}",
                "serviceMonitor.interval=often"
            })
    void refusesValuesThatMeanNothing(String value) {
        Run.Result rendering = render("--set", value);

        assertThat(rendering.exitCode()).as(rendering.output()).isNotZero();
        assertThat(rendering.output()).contains(value.split("[.=]")[0]);
    }

    @Test
    void anOperatorOfSomeNamespacesHasNoRightsOverOthers() {
        String rendering = render("--set", "watchNamespaces={a,b}", "--set", "crds.install=false")
                .output();

        assertThat(rendering).doesNotContain("kind: ClusterRole").contains("namespace: a", "namespace: b");
    }
}
