package dev.keelson.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.grpc.ServedMember;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches of a whole member, in parts of an answer and in messages of a websocket. */
@Timeout(60)
final class GatewayStreamTest {

    @TempDir
    static Path directory;

    private static ServedMember member;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static void put(String key) throws Exception {
        try (var raw = new RawHttp(member.port)) {
            raw.post("/v3/kv/put", "{\"key\":\"" + key + "\",\"value\":\"MQ==\"}");
            assertThat(raw.answer().head().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void requestsOfAStreamAreTakenAsTheyArriveAndAnsweredInParts() throws Exception {
        try (var raw = new RawHttp(member.port)) {
            raw.beginPost("/v3/watch");
            raw.chunk("{\"create_request\":{\"ke");
            raw.chunk("y\":\"d2F0Y2g=\"}}");
            RawHttp.Head head = raw.head();
            assertThat(head.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(head.headers())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("grpc-metadata-content-type", "application/grpc")
                    .containsEntry("transfer-encoding", "chunked");
            assertThat(raw.part()).startsWith("{\"result\":{\"header\":").endsWith("\"created\":true}}\n");

            put("d2F0Y2g=");
            assertThat(raw.part())
                    .contains("\"events\":[{\"kv\":{\"key\":\"d2F0Y2g=\"")
                    .endsWith("}}\n");

            raw.chunk("{\"create_request\":{\"key\":\"b3RoZXI=\"}}{\"cancel_request\":{}}");
            assertThat(raw.part()).contains("\"watch_id\":\"1\",\"created\":true");
            assertThat(raw.part()).contains("\"canceled\":true");
        }
    }

    @Test
    void aStreamGoesOnWhenItsRequestsHaveEndedAlsoWithOneThatIsNone() throws Exception {
        for (String tail : new String[] {"", "x", "{\"create_request\":{\"key\":1}}"}) {
            try (var raw = new RawHttp(member.port)) {
                raw.post("/v3/watch", "{\"create_request\":{\"key\":\"dGFpbA==\"}}" + tail);
                raw.head();
                assertThat(raw.part()).contains("\"created\":true");
                put("dGFpbA==");
                assertThat(raw.part()).contains("\"events\"");
            }
        }
    }

    @Test
    void anOlderClientGetsAStreamWithoutChunks() throws Exception {
        try (var raw = new RawHttp(member.port)) {
            String body = "{\"create_request\":{\"key\":\"b2xk\"}}";
            raw.send("POST /v3/watch HTTP/1.0\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(raw.head().headers())
                    .doesNotContainKey("transfer-encoding")
                    .containsEntry("connection", "close");
        }
    }

    /** Collects messages; puts the reason of a close behind them. */
    private static final class Messages implements WebSocket.Listener {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                received.add(partial.toString());
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            received.add("closed " + status);
            return null;
        }

        String next() throws InterruptedException {
            return String.valueOf(received.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aWebsocketIsAStreamWithAMessageForEachRequestAndAnswer() throws Exception {
        var messages = new Messages();
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = open(client, "/v3/watch", messages);
            socket.sendText("{\"create_request\":{\"key\":\"d2Vi\"}}", true).join();
            assertThat(messages.next()).startsWith("{\"result\":").endsWith("\"created\":true}}");

            socket.sendText("{\"create_request\":", false).join();
            socket.sendText("{\"key\":\"d2Vi\"}}", true).join();
            assertThat(messages.next()).contains("\"watch_id\":\"1\",\"created\":true");

            put("d2Vi");
            assertThat(messages.next()).contains("\"events\"");
            assertThat(messages.next()).contains("\"events\"");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            assertThat(messages.next()).isEqualTo("closed 1000");
        }
    }

    @Test
    void aCallWithOneAnswerEndsItsWebsocket() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var found = new Messages();
            open(client, "/v3/kv/range", found)
                    .sendText("{\"key\":\"bm90aGluZw==\"}", true)
                    .join();
            assertThat(found.next()).startsWith("{\"header\":");
            assertThat(found.next()).isEqualTo("closed 1000");

            var unknown = new Messages();
            open(client, "/v3/kv/nope", unknown);
            assertThat(unknown.next()).isEqualTo("{\"code\":5,\"message\":\"Not Found\"}");
            assertThat(unknown.next()).isEqualTo("closed 1000");
        }
    }

    private static WebSocket open(HttpClient client, String path, WebSocket.Listener listener) {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + member.port + path), listener)
                .join();
    }

    @Test
    void bytesThatAreNoFramesEndTheWebsocket() throws Exception {
        try (var raw = new RawHttp(member.port)) {
            raw.send("GET /v3/watch HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            RawHttp.Head accepted = raw.head();
            assertThat(accepted.status()).isEqualTo("HTTP/1.1 101 Switching Protocols");
            assertThat(accepted.headers()).containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            raw.send("GET / HTTP/1.1\r\n\r\n");
            raw.socket.getInputStream().readAllBytes();
            assertThat(raw.isClosedByPeer()).isTrue();
        }
    }
}
