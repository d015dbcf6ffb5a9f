package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.world.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecProblemsTest {
    @Test
    void anEmptySpecificationHasNone() {
        assertThat(problems("{}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"members\":9} | members must be 1 to 7",
                "{\"server\":{\"heartbeatInterval\":\"300ms\"}} | at least 5 times",
                "{\"server\":{\"electionTimeout\":\"2m\"}} | at most 50s",
                "{\"server\":{\"extraOptions\":{\"peer-cert-file\":\"x\"}}} | peer-cert-file is set by the operator",
                "{\"tls\":{\"mode\":\"Disabled\"}} | tls.mode cannot change",
                "{\"storage\":{\"size\":\"4Gi\"}} | storage.size cannot shrink; it was 8Gi",
                "{\"storage\":{\"storageClassName\":\"fast\"}} | storage.storageClassName cannot change"
            })
    void eachSaysWhatToChange(String json, String problem) {
        assertThat(problems(json)).singleElement().asString().contains(problem);
    }

    @ParameterizedTest
    @CsvSource({"1.2.3,1.2.4", "1.2.3,1.2.1", "1.2.3,1.3.0", "1.2.3,1.1.9", "edge,edge"})
    void safeChangesOfVersion(String from, String to) {
        assertThat(VersionPath.problem(from, to)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1.2.3,1.4.0", "1.2.3,2.0.0", "1.2.3,1.0.9", "edge,1.0.0"})
    void unsafeChangesOfVersion(String from, String to) {
        assertThat(VersionPath.problem(from, to)).isNotNull();
    }

    private static List<String> problems(String json) {
        ClusterSpec accepted = ClusterSpec.defaults();
        return SpecProblems.of(World.with(json).apply(accepted), accepted, "0.1.0", "0.1.0");
    }
}
