package dev.keelson.server.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.http.ExchangeListener;
import dev.keelson.server.http.HttpExchange;
import dev.keelson.server.http.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A connection of which a test moves every read and the time. */
final class HttpConnectionTest {

    private final List<String> heard = new ArrayList<>();
    private @Nullable HttpExchange begun;
    private final HttpConnection connection = new HttpConnection(
            (request, exchange) -> {
                begun = exchange;
                heard.add(request.method() + " " + request.path());
                return new Listener();
            },
            PortLimits.defaults());
    private final EmbeddedChannel channel = new EmbeddedChannel(
            connection.deadline(), new HttpServerCodec(), new HttpServerKeepAliveHandler(), connection);

    /** Time is passed by the tests, and by nothing else. */
    HttpConnectionTest() {
        channel.freezeTime();
    }

    private final class Listener implements ExchangeListener {
        @Override
        public void part(byte[] bytes) {
            heard.add(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
            heard.add("end");
        }

        @Override
        public void gone() {
            heard.add("gone");
        }
    }

    private HttpExchange exchange() {
        return Objects.requireNonNull(begun);
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private String sent() {
        var text = new StringBuilder();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            text.append(next.toString(StandardCharsets.UTF_8));
            next.release();
        }
        return text.toString();
    }

    private void passIdleTime() {
        channel.pipeline().fireUserEventTriggered(IdleStateEvent.ALL_IDLE_STATE_EVENT);
    }

    @Test
    void aRouteGetsAsMuchOfABodyAsItAsksFor() {
        receive("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
        assertThat(heard).containsExactly("POST /a");
        exchange().read();
        assertThat(heard).containsExactly("POST /a", "one");
        exchange().read();
        exchange().read();
        assertThat(heard).containsExactly("POST /a", "one", "two", "end");
    }

    @Test
    void theNextRequestWaitsForTheAnswerAndTheRestOfTheBody() {
        receive("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nbod");
        exchange().reply(HttpReply.text(200, "a"));
        assertThat(sent()).endsWith("\r\n\r\na\n");
        receive("y__GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(heard).containsExactly("POST /a", "GET /b");
        exchange().begin(200, Map.of());
        exchange().write("part".getBytes(StandardCharsets.UTF_8));
        assertThat(heard).hasSize(2);
        exchange().finish();
        assertThat(heard).containsExactly("POST /a", "GET /b", "GET /c");
        assertThat(sent()).endsWith("4\r\npart\r\n0\r\n\r\n");
    }

    @Test
    void silenceEndsAConnectionThatNobodyWaitsFor() {
        passIdleTime();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void silenceWithinABodyEndsTheConnectionAndTheRouteHearsOfIt() {
        receive("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nbod");
        exchange().read();
        passIdleTime();
        assertThat(channel.isOpen()).isFalse();
        assertThat(heard).containsExactly("POST /a", "bod", "gone");
    }

    @Test
    void silenceDuringACallOrAStreamIsNobodysFault() {
        receive("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        exchange().read();
        passIdleTime();
        assertThat(channel.isOpen()).isTrue();
        exchange().reply(HttpReply.text(200, "a"));
        receive("POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        exchange().begin(200, Map.of());
        exchange().write("part".getBytes(StandardCharsets.UTF_8));
        passIdleTime();
        assertThat(channel.isOpen()).isTrue();
        exchange().finish();
        passIdleTime();
        assertThat(channel.isOpen()).isFalse();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aHeadThatTricklesInEndsTheConnectionThoughItIsNeverSilent() {
        pass(PortLimits.HTTP_HEAD_MILLIS_MAX);
        receive("GET /a");
        pass(PortLimits.HTTP_HEAD_MILLIS_MAX - 1);
        receive(" HTTP/1.1\r\n");
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void everyHeadHasTheWholeTimeAndABodyHasMore() {
        receive("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nb");
        pass(10 * PortLimits.HTTP_HEAD_MILLIS_MAX);
        receive("c");
        exchange().reply(HttpReply.text(200, "a"));
        receive("GET /b HTTP/1.1\r\n");
        pass(PortLimits.HTTP_HEAD_MILLIS_MAX - 1);
        receive("Host: x\r\n\r\n");
        pass(2);

        assertThat(channel.isOpen()).isTrue();
        assertThat(heard).contains("POST /a", "GET /b");
    }

    @Test
    void aBodyThatIsNoHttpEndsTheConnection() {
        receive("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        exchange().read();
        assertThat(channel.isOpen()).isFalse();
        assertThat(heard).containsExactly("POST /a", "gone");
    }
}
