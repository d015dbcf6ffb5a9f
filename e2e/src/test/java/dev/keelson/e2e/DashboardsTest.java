package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * etcd's published alert rules and both of its dashboards, asked of three members that had some load and lost one of
 * them: every metric an expression reads must be there, fit its matchers and have the labels it is grouped by. The rules
 * are read from the module etcd is published as, the expressions by Prometheus' own parser. With etcd itself the same must
 * hold, which shows that the questions are the right ones.
 */
class DashboardsTest {

    private static final Duration MEASURED_MAX = Duration.ofSeconds(30);

    /** What only shows once it has happened; the alert on members that are down reads the last of them. */
    private static final List<String> HAPPENED = List.of(
            "etcd_network_peer_round_trip_time_seconds_count{",
            "etcd_network_peer_received_bytes_total{",
            "etcd_network_peer_sent_bytes_total{",
            "etcd_network_peer_sent_failures_total{");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "keelson"})
    void etcdsAlertsAndDashboardsFindAllTheyAskFor(String program) throws IOException {
        Path server = program.equals("etcd") ? Tools.go("etcd") : Tools.keelson();
        try (Cluster cluster = Cluster.start(server, "dashboards-" + program, 3, "--metrics", "extensive")) {
            Member leader = cluster.leader();
            load(leader);
            awaitMetrics(leader, HAPPENED.subList(0, HAPPENED.size() - 1));
            cluster.without(leader).getFirst().kill();
            awaitMetrics(leader, HAPPENED);

            String answers = ask(cluster);

            System.out.printf("dashboards: %s: %s", program, answers);
            assertThat(answers.lines().filter(line -> line.startsWith("unanswered")))
                    .isEmpty();
            assertThat(answers).containsPattern("[1-9]\\d expressions, [1-9]\\d questions, [1-9]\\d{3,} series");
        }
    }

    /** With Prometheus' settings of old a member measures less: the alert on slow calls needs what it leaves out. */
    @ParameterizedTest
    @ValueSource(strings = {"etcd", "keelson"})
    void aMemberAloneWithBasicMetricsLeavesTheSameQuestionsOpen(String program) throws IOException {
        Path server = program.equals("etcd") ? Tools.go("etcd") : Tools.keelson();
        try (Cluster cluster = Cluster.start(server, "dashboards-basic-" + program, 1)) {
            load(cluster.members().getFirst());

            assertThat(ask(cluster)
                            .lines()
                            .filter(line -> line.startsWith("unanswered"))
                            .map(line -> line.replaceFirst("unanswered: ([a-z_]+).*", "$1"))
                            .distinct())
                    .containsExactlyInAnyOrder(
                            "etcd_network_peer_round_trip_time_seconds_bucket",
                            "etcd_network_peer_received_bytes_total",
                            "etcd_network_peer_sent_bytes_total",
                            "etcd_network_peer_sent_failures_total",
                            "grpc_server_handling_seconds_bucket");
        }
    }

    private static void load(Member member) {
        Run.command(
                        Tools.go("benchmark").toString(),
                        "--endpoints=" + member.endpoint(),
                        "--conns=5",
                        "--clients=20",
                        "put",
                        "--total=2000")
                .mustSucceed();
    }

    private static void awaitMetrics(Member member, List<String> beginnings) {
        Await.until(beginnings + " in the metrics of " + member.name(), MEASURED_MAX, () -> {
            List<String> lines = metrics(member).lines().toList();
            return beginnings.stream()
                    .allMatch(beginning -> lines.stream().anyMatch(line -> line.startsWith(beginning)));
        });
    }

    private static String metrics(Member member) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://" + member.endpoint() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException failure) {
            throw new IllegalStateException("no metrics of " + member.name(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The questions that the members alive do not answer, a line each, and a line of counts. */
    private static String ask(Cluster cluster) throws IOException {
        var command = new ArrayList<String>();
        command.add(Tools.go("expressions").toString());
        command.add(Tools.moduleFolder("go.etcd.io/etcd/v3")
                .resolve("contrib/mixin")
                .toString());
        for (Member member : cluster.members()) {
            if (member.isAlive()) {
                Path text = cluster.directory().resolve(member.name() + ".metrics");
                Files.writeString(text, metrics(member));
                command.add(text.toString());
            }
        }
        return Run.command(command).mustSucceed();
    }
}
