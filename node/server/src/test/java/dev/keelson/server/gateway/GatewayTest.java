package dev.keelson.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.grpc.ServedMember;
import dev.keelson.server.http.AccessRules;
import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.port.PortLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The services of a whole member as JSON; statuses, headers and texts are those of etcd 3.7.1. */
@Timeout(120)
final class GatewayTest {

    private static final long SEED = 7_310;
    private static final int FUZZ_ROUNDS = 3_000;

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        var rules = new AccessRules(Set.of("http://page:80"), Set.of("127.0.0.1", "x"));
        member = new ServedMember(directory.resolve("data"), new MemberConfig.Web(true, rules));
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        member.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + member.port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String json) throws Exception {
        return send(to(path).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static String line(HttpResponse<String> response) {
        return response.statusCode() + " "
                + response.body()
                        .replaceAll("\"(cluster_id|member_id|raft_term|revision)\":\"\\d+\",?", "")
                        .replace(",}", "}");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keysAreWrittenReadAndDeleted() throws Exception {
        HttpResponse<String> put = post("/v3/kv/put", "{\"key\":\"a2V5\",\"value\":\"MQ==\"}");
        HttpResponse<String> again = post("/v3/kv/put", "{\"key\":\"a2V5\",\"value\":\"Mg\",\"prevKv\":true}");
        HttpResponse<String> found = post("/v3beta/kv/range", "{\"key\":\"a2V5\"}");
        HttpResponse<String> deleted = post("/v3/kv/deleterange", "{\"key\":\"a2V5\"}");

        assertThat(line(put)).isEqualTo("200 {\"header\":{}}");
        assertThat(put.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(put.headers().firstValue("grpc-metadata-content-type")).hasValue("application/grpc");
        assertThat(again.body()).contains("\"prev_kv\":{\"key\":\"a2V5\",").contains("\"value\":\"MQ==\"}");
        assertThat(found.body())
                .matches("\\{\"header\":\\{\"cluster_id\":\"\\d+\",\"member_id\":\"\\d+\",\"revision\":\"\\d+\","
                        + "\"raft_term\":\"\\d+\"},\"kvs\":\\[\\{\"key\":\"a2V5\",\"create_revision\":\"\\d+\","
                        + "\"mod_revision\":\"\\d+\",\"version\":\"2\",\"value\":\"Mg==\"}],\"count\":\"1\"}");
        assertThat(line(deleted)).isEqualTo("200 {\"header\":{},\"deleted\":\"1\"}");
    }

    @Test
    void transactionsAnswerEachOperation() throws Exception {
        assertThat(line(post("/v3/kv/txn", """
                        {"compare": [{"key": "dHhu", "target": "CREATE", "create_revision": 0}],
                         "success": [{"request_put": {"key": "dHhu", "value": "MQ=="}}],
                         "failure": [{"requestRange": {"key": "dHhu"}}]}""")))
                .isEqualTo("200 {\"header\":{},\"succeeded\":true,\"responses\":[{\"response_put\":{\"header\":{}}}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v3/kv/range|~~|400 {\"code\":3,\"message\":\"etcdserver: key is not provided\"}",
                "/v3/kv/range|~  ~|400 {\"code\":3,\"message\":\"etcdserver: key is not provided\"}",
                "/v3/kv/range|{\"key\":\"a\"|400 {\"code\":3,\"message\":\"unexpected EOF\"}",
                "/v3/kv/range|x|400 {\"code\":3,\"message\":\"invalid character 'x' looking for beginning of value\"}",
                "/v3/kv/range|{\"key\":1}|400 {\"code\":3,\"message\":\"proto: (line 1:8): invalid value for bytes field"
                        + " key: 1\"}",
                "/v3/kv/range|{\"key\":\"bm9uZQ==\"}trailing|200 {\"header\":{}}",
                "/v3/kv/range|{\"key\":\"bm9uZQ==\",\"unknown\":[1]}|200 {\"header\":{}}",
                "/v3/kv/range|{\"key\":\"Zm9v\",\"revision\":\"9999\"}|400 {\"code\":11,\"message\":\"etcdserver: mvcc:"
                        + " required revision is a future revision\"}",
                "/v3/kv/range/|{}|404 {\"code\":5,\"message\":\"Not Found\"}",
                "/v3/|{}|404 {\"code\":5,\"message\":\"Not Found\"}",
                "/v3/kv/rangestream|{}|404 {\"code\":5,\"message\":\"Not Found\"}",
                "/v3/auth/status|{}|200 {\"header\":{},\"authRevision\":\"1\"}"
            })
    void requestsAreAnsweredInEtcdsWords(String path, String body, String answer) throws Exception {
        assertThat(line(post(path, body))).isEqualTo(answer);
    }

    @Test
    void everyPathPostsAndNothingElse() throws Exception {
        for (String path : GatewayPaths.METHODS.keySet()) {
            assertThat(line(send(to(path).GET()))).isEqualTo("501 {\"code\":12,\"message\":\"Method Not Allowed\"}");
        }
        assertThat(line(send(to("/v3/nope").DELETE()))).isEqualTo("404 {\"code\":5,\"message\":\"Not Found\"}");
        assertThat(line(send(to("/v3/kv/range").method("OPTIONS", HttpRequest.BodyPublishers.noBody()))))
                .isEqualTo("200 ");
    }

    @Test
    void headersBecomeMetadataOfTheCall() throws Exception {
        String key = "{\"key\":\"bm9uZQ==\"}";

        assertThat(line(send(to("/v3/kv/range")
                        .header("Grpc-Metadata-client-api-version", "3.7")
                        .header("Grpc-Metadata-hasleader", "true")
                        .header("Authorization", "token")
                        .POST(HttpRequest.BodyPublishers.ofString(key)))))
                .isEqualTo("200 {\"header\":{}}");
        assertThat(line(send(to("/v3/kv/range")
                        .header("Grpc-Metadata-x-bin", "!!")
                        .POST(HttpRequest.BodyPublishers.ofString(key)))))
                .isEqualTo(
                        "400 {\"code\":3,\"message\":\"invalid binary header Grpc-Metadata-X-Bin: illegal base64 data"
                                + " at input byte 0\"}");
        assertThat(line(send(to("/v3/kv/range")
                        .header("Grpc-Timeout", "soon")
                        .POST(HttpRequest.BodyPublishers.ofString(key)))))
                .isEqualTo("400 {\"code\":3,\"message\":\"invalid grpc-timeout: soon\"}");
        assertThat(line(send(
                        to("/v3/watch").header("Grpc-Timeout", "20m").POST(HttpRequest.BodyPublishers.ofString("{}")))))
                .isEqualTo("504 {\"error\":{\"code\":4,\"message\":\"context deadline exceeded\"}}\n");
    }

    @Test
    void requestsThatAreTooLargeAreRefusedAndTheConnectionGoesOn() throws Exception {
        String tooLarge = "{\"key\":\"YQ==\",\"value\":\"" + base64("x".repeat(ServedMember.REQUEST_BYTES_MAX)) + "\"}";
        int frame = ServedMember.REQUEST_BYTES_MAX + PortLimits.FRAME_OVERHEAD_BYTES;
        String beyondFrame = "{\"key\":\"YQ==\",\"value\":\"" + base64("x".repeat(frame)) + "\"}";
        String endless = "{\"unknown\":\"" + "x".repeat(4 * frame) + "\"}";

        assertThat(line(post("/v3/kv/put", tooLarge)))
                .isEqualTo("400 {\"code\":3,\"message\":\"etcdserver: request is too large\"}");
        assertThat(line(post("/v3/kv/put", beyondFrame)))
                .isEqualTo("429 {\"code\":8,\"message\":\"grpc: received message larger than max (" + (frame + 7)
                        + " vs. " + frame + ")\"}");
        try (var raw = new RawHttp(member.port)) {
            raw.beginPost("/v3/kv/put");
            raw.chunk(endless.substring(0, 3 * frame));
            assertThat(raw.head().status()).isEqualTo("HTTP/1.1 429 Too Many Requests");
        }
    }

    @Test
    void hostsAndOriginsThatTheRulesDoNotNameAreTurnedAway() throws Exception {
        try (var raw = new RawHttp(member.port)) {
            raw.send("POST /v3/kv/range HTTP/1.1\r\nHost: evil:80\r\nContent-Length: 2\r\n\r\n{}");
            RawHttp.Answer evil = raw.answer();
            raw.send("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://page:80\r\n\r\n");
            RawHttp.Answer page = raw.answer();
            raw.send("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://other:80\r\n\r\n");
            RawHttp.Answer other = raw.answer();

            assertThat(evil.head().status()).isEqualTo("HTTP/1.1 421 Misdirected Request");
            assertThat(evil.body()).contains("etcd --host-whitelist \"evil\"");
            assertThat(page.head().headers()).containsEntry("access-control-allow-origin", "http://page:80");
            assertThat(other.head().headers()).doesNotContainKey("access-control-allow-origin");
            assertThat(other.body()).isEqualTo("ok\n");
        }
    }

    @Test
    void requestsInARowAreAnsweredInOrder() throws Exception {
        try (var raw = new RawHttp(member.port)) {
            for (int i = 0; i < 100; i++) {
                raw.post("/v3/kv/range", "{\"key\":\"cm93\",\"revision\":\"" + (9_000 + i) + "\"}");
                raw.post("/v3/kv/nope", "{}");
                raw.post("/v3/kv/range", "{\"key\":" + i + "}");
            }
            for (int i = 0; i < 100; i++) {
                assertThat(raw.answer().body()).contains("future revision");
                assertThat(raw.answer().body()).contains("Not Found");
                assertThat(raw.answer().body()).endsWith("field key: " + i + "\"}");
            }
        }
    }

    @Test
    void aBodyIsAwaitedOnceTheClientIsToldToGoOn() throws Exception {
        try (var raw = new RawHttp(member.port)) {
            raw.send("POST /v3/kv/range HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n");
            assertThat(raw.head().status()).isEqualTo("HTTP/1.1 100 Continue");
            raw.send("{\"key\":\"Zm9v\"}");
            assertThat(raw.answer().head().status()).isEqualTo("HTTP/1.1 200 OK");

            raw.send("POST /v3/nope HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n");
            RawHttp.Answer refused = raw.answer();
            assertThat(refused.head().status()).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(refused.head().headers()).containsEntry("connection", "close");
            assertThat(raw.isClosedByPeer()).isTrue();
        }
    }

    /** Statuses that a client can cause; a 500 would be a bug of ours. */
    @Test
    void randomBytesAreNeverMoreThanABadRequest() throws Exception {
        var random = new Random(SEED);
        var seen = new TreeSet<String>();
        String[] paths = {"/v3/kv/range", "/v3/kv/put", "/v3/kv/txn", "/v3/kv/deleterange", "/v3/cluster/member/list"};
        String seed = "{\"key\":\"Zm9v\",\"range_end\":\"YmFy\",\"limit\":\"7\",\"success\":[{\"request_put\":{\"key\":"
                + "\"YQ==\"}}],\"compare\":[{\"target\":\"VERSION\",\"version\":1e2}],\"keys_only\":true,\"x\":null}";
        try (var raw = new RawHttp(member.port)) {
            for (int round = 0; round < FUZZ_ROUNDS; round++) {
                byte[] body = random.nextBoolean() ? noise(random) : mutated(seed, random);
                String path = paths[random.nextInt(paths.length)];
                raw.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
                raw.socket.getOutputStream().write(body);
                RawHttp.Answer answer = raw.answer();
                seen.add(answer.head().status().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
                assertThat(answer.body()).startsWith("{").endsWith("}");
            }
        }
        assertThat(seen).containsExactly("200", "400");
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(String seed, Random random) {
        byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
        for (int change = random.nextInt(4); change > 0; change--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : bytes[random.nextInt(bytes.length)];
        }
        return java.util.Arrays.copyOf(bytes, bytes.length - random.nextInt(3));
    }
}
