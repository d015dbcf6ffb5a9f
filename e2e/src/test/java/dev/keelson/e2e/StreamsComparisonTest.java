package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The same questions on raw watch streams and about streamed ranges to the real etcd and to Keelson, on the same ports, so
 * that members have the same ids; every answer is compared, its length on the wire included.
 */
class StreamsComparisonTest {

    @Test
    void streamsOfKeelsonAnswerAsThoseOfEtcd() {
        List<Integer> ports = Cluster.freePorts(2);

        String expected = transcript(Tools.go("etcd"), "streams-etcd", ports);
        String actual = transcript(Tools.server(), "streams-server", ports);

        assertThat(expected).contains("== streamed ranges");
        assertThat(actual).isEqualTo(expected);
    }

    private static String transcript(Path program, String test, List<Integer> ports) {
        try (Cluster cluster = Cluster.prepare(program, test, ports)) {
            cluster.launch();
            Run.Result result = Run.command(Tools.go("streams").toString(), "trace", "--endpoint", cluster.endpoints())
                    .result();
            assertThat(result.exitCode()).as(result.output()).isZero();
            return result.output();
        }
    }
}
