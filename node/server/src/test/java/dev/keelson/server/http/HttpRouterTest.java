package dev.keelson.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        return request(router, new HttpRequest(method, path, query));
    }

    private static HttpReply request(HttpRouter router, HttpRequest request) {
        var exchange = new RecordedExchange();
        router.serve(request, exchange);
        HttpReply answered = exchange.reply;
        assertThat(answered).isNotNull();
        for (var header : exchange.headers.entrySet()) {
            answered = answered.with(header.getKey(), header.getValue());
        }
        return answered;
    }

    private static HttpRequest from(String origin, String host) {
        return new HttpRequest("GET", "/livez", Map.of())
                .withHeader("origin", origin)
                .withHeader("host", host);
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

    @Test
    void onlyTheOriginsOfTheRulesMayReadTheAnswer() {
        HttpRouter some = router.withRules(new AccessRules(Set.of("http://a:80", "http://b:80"), Set.of("*")));

        assertThat(request(some, from("http://b:80", "x")).headers())
                .containsEntry("Access-Control-Allow-Origin", "http://b:80");
        for (String other : List.of("", "http://c:80", "*")) {
            HttpReply reply = request(some, from(other, "x"));
            assertThat(reply.headers()).doesNotContainKey("Access-Control-Allow-Origin");
            assertThat(line(reply)).isEqualTo("200 ok\n");
        }
    }

    @Test
    void aHostThatTheRulesDoNotNameIsToldHowToBeNamed() {
        HttpRouter some = router.withRules(new AccessRules(Set.of("*"), Set.of("good", "::1")));

        for (String allowed : List.of("good", "good:2379", "[::1]:2379")) {
            assertThat(line(request(some, from("", allowed)))).isEqualTo("200 ok\n");
        }
        for (String other : List.of("evil", "evil:2379", "good:x:y", "", "[::2]:1")) {
            HttpReply reply = request(some, from("", other));
            assertThat(reply.status()).isEqualTo(421);
            assertThat(reply.headers()).doesNotContainKey("Access-Control-Allow-Origin");
        }
        assertThat(line(request(some, from("", "evil:2379")))).isEqualTo("""
                        421\s
                        etcd received your request, but the Host header was unrecognized.

                        To fix this, choose one of the following options:
                        - Enable TLS, then any HTTPS request will be allowed.
                        - Add the hostname you want to use to the whitelist in settings.
                          - e.g. etcd --host-whitelist "evil"

                        This requirement has been added to help prevent "DNS Rebinding" attacks (CVE-2018-5702).

                        """);
    }

    @Test
    void pathsThatAreNotCleanAreSentToTheCleanOne() {
        HttpReply doubled = request("POST", "//readyz///non_learner/", Map.of());
        HttpReply dots = request("GET", "/a/../livez/./x&y", Map.of());

        assertThat(doubled.status()).isEqualTo(307);
        assertThat(doubled.headers()).containsEntry("Location", "/readyz/non_learner/");
        assertThat(doubled.body()).isEmpty();
        assertThat(line(dots)).isEqualTo("307 <a href=\"/livez/x&amp;y\">Temporary Redirect</a>.\n\n");
        assertThat(dots.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
    }

    @Test
    void allBelowTheGatewaysPathIsItsOwnUnderTheOlderNameToo() {
        StreamedRoute echo = (request, exchange) -> {
            exchange.reply(HttpReply.text(200, request.method() + request.path()));
            return ExchangeListener.NONE;
        };
        HttpRouter with = router.withGateway(echo);

        assertThat(line(request(with, new HttpRequest("PUT", "/v3/kv/nope", Map.of()))))
                .isEqualTo("200 PUT/v3/kv/nope\n");
        assertThat(line(request(with, new HttpRequest("POST", "/v3beta/kv/range", Map.of()))))
                .isEqualTo("200 POST/v3/kv/range\n");
        assertThat(request(with, new HttpRequest("GET", "/v3", Map.of())).headers())
                .containsEntry("Location", "/v3/");
        assertThat(request(with, new HttpRequest("GET", "/v3beta", Map.of())).status())
                .isEqualTo(404);
        assertThat(request("POST", "/v3/kv/range", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void aWebsocketPostsWhatItsClientSendsWithTheTokenThatABrowserCanGive() {
        HttpRouter with = router.withGateway((request, exchange) -> ExchangeListener.NONE);
        HttpRequest asking = new HttpRequest("GET", "/v3/watch", Map.of())
                .withHeader("connection", "keep-alive, Upgrade")
                .withHeader("upgrade", "WebSocket")
                .withHeader("sec-websocket-version", "13")
                .withHeader("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .withHeader("grpc-metadata-token", "left out");
        var plain = new RecordedExchange();
        var withProtocol = new RecordedExchange();
        var withCookie = new RecordedExchange();

        with.serve(asking, plain);
        with.serve(asking.withHeader("sec-websocket-protocol", "Bearer, abc"), withProtocol);
        with.serve(asking.withHeader("cookie", "a=b; token=xyz"), withCookie);

        assertThat(plain.upgrades).containsExactly(new HttpRequest("POST", "/v3/watch", Map.of(), Map.of()));
        assertThat(withProtocol.headers).containsEntry("Sec-WebSocket-Protocol", "Bearer");
        assertThat(withProtocol.upgrades.getFirst().header("authorization")).isEqualTo("Bearer abc");
        assertThat(withCookie.upgrades.getFirst().header("authorization")).isEqualTo("Bearer xyz");
        assertThat(request(with, asking.withHeader("sec-websocket-version", "8"))
                        .status())
                .isEqualTo(400);
        assertThat(request(with, asking.withHeader("sec-websocket-key", "short"))
                        .status())
                .isEqualTo(400);
        assertThat(request(with, asking.withMethod("POST")).status()).isEqualTo(405);
    }
}
