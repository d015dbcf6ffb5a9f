package dev.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds what members show against a list of what members of etcd 3.7.1 showed after the same requests: every name, with
 * its type, its labels and the bounds of its buckets.
 *
 * <p>With {@code -Dmetrics.rewrite=FILE,...} the list is made anew from texts that real members answered.
 */
class MetricsListTest {

    private static final Path LIST = Path.of("src/test/resources/dev/keelson/server/metrics/etcd.metrics");

    /** What tells of Go alone; dashboards and alerts of etcd ask for none of it. */
    private static final List<String> OF_GO = List.of("go_", "etcd_server_go_version ");

    @Test
    void membersShowAllThatMembersOfEtcdShow(@TempDir Path directory) throws Exception {
        if (System.getProperty("metrics.rewrite") != null) {
            rewrite(System.getProperty("metrics.rewrite"));
        }

        List<String> shown = shown(directory);

        assertThat(shown).containsAll(Files.readAllLines(LIST));
    }

    private static List<String> shown(Path directory) throws Exception {
        try (var cluster = new ObservedCluster(directory, 3)) {
            cluster.sendRequests(0);
            cluster.sendRequests(1);
            cluster.awaitInMetrics(0, "etcd_network_peer_round_trip_time_seconds_count");
            cluster.stop(2);
            cluster.awaitInMetrics(0, "etcd_network_disconnected_peers_total");
            // Only a leader has something to tell a member that is away.
            cluster.awaitInMetrics(cluster.leaderOf(0, 1), "etcd_network_peer_sent_failures_total");
            return MetricFacts.of(cluster.metrics(0))
                    .and(MetricFacts.of(cluster.metrics(1)))
                    .lines();
        }
    }

    private static void rewrite(String files) throws IOException {
        MetricFacts all = MetricFacts.of("");
        for (String file : files.split(",", -1)) {
            all = all.and(MetricFacts.of(Files.readString(Path.of(file))));
        }
        Files.write(
                LIST,
                all.lines().stream()
                        .filter(line -> OF_GO.stream().noneMatch(line::startsWith))
                        .toList());
    }
}
