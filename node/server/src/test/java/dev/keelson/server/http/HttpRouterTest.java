package dev.keelson.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Bodies and headers are those that etcd 3.7.1 answers with. */
final class HttpRouterTest {

    private final Node node = new Node();
    private final HttpRouter router = HttpRouter.ofProbes(node);

    /** A node whose health a test sets. */
    private static final class Node implements NodeHealth {
        private @Nullable String linearizableFailure;
        private @Nullable String serializableFailure;
        private boolean leader = true;
        private boolean learner;
        private List<String> alarms = List.of();
        private String clusterVersion = "3.7.0";

        @Override
        public void read(boolean linearizable, Consumer<@Nullable String> done) {
            done.accept(linearizable ? linearizableFailure : serializableFailure);
        }

        @Override
        public boolean hasLeader() {
            return leader;
        }

        @Override
        public boolean isLearner() {
            return learner;
        }

        @Override
        public List<String> alarms() {
            return alarms;
        }

        @Override
        public String clusterVersion() {
            return clusterVersion;
        }
    }

    private HttpReply request(String method, String path, Map<String, List<String>> query) {
        var reply = new AtomicReference<@Nullable HttpReply>();
        router.serve(new HttpRequest(method, path, query, new byte[0]), reply::set);
        HttpReply answered = reply.get();
        assertThat(answered).isNotNull();
        return answered;
    }

    private String get(String path) {
        return line(request("GET", path, Map.of()));
    }

    private String get(String path, String parameter, String... values) {
        return line(request("GET", path, Map.of(parameter, List.of(values))));
    }

    private static String line(HttpReply reply) {
        return reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void healthIsAQuestionOfAlarmsLeaderAndARead() {
        assertThat(get("/health")).isEqualTo("200 {\"health\":\"true\",\"reason\":\"\"}");

        node.linearizableFailure = "etcdserver: request timed out";
        assertThat(get("/health"))
                .isEqualTo("503 {\"health\":\"false\",\"reason\":\"RANGE ERROR:etcdserver: request timed out\"}\n");
        assertThat(get("/health", "serializable", "true")).startsWith("200 ");

        node.leader = false;
        assertThat(get("/health")).isEqualTo("503 {\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}\n");
        assertThat(get("/health", "serializable", "true")).startsWith("200 ");

        node.alarms = List.of("NOSPACE");
        assertThat(get("/health")).isEqualTo("503 {\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}\n");
        assertThat(get("/health", "exclude", "", "NOSPACE")).contains("RAFT NO LEADER");
    }

    @Test
    void aLiveMemberReadsItsOwnStore() {
        assertThat(get("/livez")).isEqualTo("200 ok\n");
        assertThat(get("/livez", "verbose", "")).isEqualTo("200 [+]serializable_read ok\nok\n");
        assertThat(get("/livez/serializable_read")).isEqualTo("200 ok\n");

        node.serializableFailure = "broken";
        assertThat(get("/livez")).isEqualTo("503 [-]serializable_read failed: broken\n\n");
    }

    @Test
    void aReadyMemberPassesEveryCheckThatIsNotExcluded() {
        assertThat(get("/readyz")).isEqualTo("200 ok\n");
        assertThat(get("/readyz", "verbose", ""))
                .isEqualTo("200 [+]data_corruption ok\n[+]serializable_read ok\n[+]linearizable_read ok\n"
                        + "[+]non_learner ok\nok\n");

        node.linearizableFailure = "etcdserver: no leader";
        node.learner = true;
        assertThat(get("/readyz"))
                .isEqualTo("503 [+]data_corruption ok\n[+]serializable_read ok\n"
                        + "[-]linearizable_read failed: etcdserver: no leader\n"
                        + "[-]non_learner failed: not supported for learner\n\n");
        assertThat(get("/readyz", "exclude", "linearizable_read", "non_learner", "unknown_here"))
                .isEqualTo("200 ok\n");
        assertThat(get("/readyz/serializable_read")).isEqualTo("200 ok\n");
        assertThat(get("/readyz/non_learner")).startsWith("503 ");

        node.alarms = List.of("CORRUPT");
        assertThat(get("/readyz/data_corruption"))
                .isEqualTo("503 [-]data_corruption failed: alarm activated: CORRUPT\n\n");
    }

    @Test
    void theVersionSaysWhatWasAgreedOn() {
        assertThat(get("/version"))
                .isEqualTo("200 {\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"3.7.0\",\"storage\":\"3.7.0\"}");

        node.clusterVersion = "";
        assertThat(get("/version")).contains("\"etcdcluster\":\"not_decided\"");
    }

    @Test
    void everyPathAnswersGetOnlyAndOthersAreNotFound() {
        for (String path : List.of("/health", "/version", "/livez", "/readyz", "/readyz/non_learner")) {
            HttpReply reply = request("POST", path, Map.of());
            assertThat(line(reply)).isEqualTo("405 Method Not Allowed\n");
            assertThat(reply.headers()).containsEntry("Allow", "GET");
        }
        for (String path : List.of("/", "/health/", "/readyz/nope", "/nope")) {
            HttpReply reply = request("GET", path, Map.of());
            assertThat(line(reply)).isEqualTo("404 404 page not found\n");
            assertThat(reply.headers()).containsEntry("X-Content-Type-Options", "nosniff");
        }
    }

    @Test
    void everyAnswerAllowsAnyOriginAndAPreflightIsAnsweredAtOnce() {
        assertThat(request("OPTIONS", "/nope", Map.of()).status()).isEqualTo(200);
        assertThat(request("GET", "/health", Map.of()).headers()).containsEntry("Access-Control-Allow-Origin", "*");
    }
}
