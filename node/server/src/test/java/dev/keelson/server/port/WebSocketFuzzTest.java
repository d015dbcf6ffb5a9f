package dev.keelson.server.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.http.ExchangeListener;
import dev.keelson.server.http.HttpExchange;
import dev.keelson.server.http.HttpRequest;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client sends over a websocket, its route hears messages until it hears once that the client has gone, and no
 * byte of memory stays behind; {@code -Dfuzz.inputs=N}: how many.
 */
final class WebSocketFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 4_000);
    private static final int FRAMES_MAX = 8;
    private static final int PAYLOAD_BYTES_MAX = 300;
    private static final int CHANGES_MAX = 4;
    private static final int CUTS_MAX = 6;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH_OF_16_BITS = 126;
    private static final int CLOSE = 8;

    /** Continuation, text, binary, close, ping, pong. */
    private static final int[] OPCODES = {0, 1, 2, CLOSE, 9, 10};

    private static final byte[] UPGRADE =
            ("GET /watch HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    /** A connection on its way from the request for a websocket to its end. */
    private static final class Connection implements ExchangeListener {

        private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final EmbeddedChannel channel;
        private final Random demand;
        private @Nullable HttpExchange exchange;
        private int ends;

        Connection(Random demand) {
            this.demand = demand;
            var http = new HttpConnection(this::serve, PortLimits.defaults());
            channel =
                    new EmbeddedChannel(http.deadline(), new HttpServerCodec(), new HttpServerKeepAliveHandler(), http);
            channel.config().setAllocator(memory);
            channel.config().setAutoRead(false);
            channel.freezeTime();
            receive(UPGRADE);
            channel.runPendingTasks();
            assertThat(exchange).isNotNull();
        }

        private ExchangeListener serve(HttpRequest request, HttpExchange begun) {
            begun.upgrade(Map.of(), request, (_, socket) -> {
                exchange = socket;
                socket.read();
                return this;
            });
            return NONE;
        }

        @Override
        public void part(byte[] bytes) {
            assertThat(ends).as("messages of one who has gone").isZero();
            heard.writeBytes(bytes);
            HttpExchange socket = Objects.requireNonNull(exchange);
            if (demand.nextBoolean()) {
                socket.read();
            } else {
                socket.write(bytes);
                channel.eventLoop().execute(socket::read);
            }
        }

        @Override
        public void gone() {
            ends++;
        }

        void receive(byte[] bytes) {
            if (channel.isOpen()) {
                channel.writeInbound(memory.heapBuffer(bytes.length).writeBytes(bytes));
                channel.runPendingTasks();
            }
        }

        byte[] hangUp() {
            channel.finishAndReleaseAll();
            channel.checkException();
            assertThat(ends)
                    .as("how often the route heard that the client has gone")
                    .isEqualTo(1);
            assertThat(memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory())
                    .as("memory that stays behind")
                    .isZero();
            return heard.toByteArray();
        }
    }

    private static byte[] frame(Random random, int opcode) {
        var payload = new byte[random.nextInt(opcode >= CLOSE ? LENGTH_OF_16_BITS : PAYLOAD_BYTES_MAX)];
        random.nextBytes(payload);
        var mask = new byte[4];
        random.nextBytes(mask);
        var frame = new ByteArrayOutputStream();
        frame.write(opcode | (opcode >= CLOSE || random.nextInt(3) > 0 ? FINAL : 0));
        if (payload.length < LENGTH_OF_16_BITS) {
            frame.write(MASKED | payload.length);
        } else {
            frame.write(MASKED | LENGTH_OF_16_BITS);
            frame.write(payload.length >> Byte.SIZE);
            frame.write(payload.length);
        }
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % mask.length]);
        }
        return frame.toByteArray();
    }

    private static byte[] stream(Random random) {
        var stream = new ByteArrayOutputStream();
        for (int frames = random.nextInt(FRAMES_MAX) + 1; frames > 0; frames--) {
            stream.writeBytes(frame(random, random.nextInt(3) > 0 ? 1 : OPCODES[random.nextInt(OPCODES.length)]));
        }
        byte[] bytes = stream.toByteArray();
        for (int changes = random.nextInt(CHANGES_MAX); changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 1 -> bytes[at] = (byte) random.nextInt();
                default -> bytes = Arrays.copyOf(bytes, at + 1);
            }
        }
        return bytes;
    }

    /** What the route has heard, when the bytes came in pieces. */
    private static byte[] heard(byte[] bytes, Random cuts) {
        var connection = new Connection(cuts);
        int from = 0;
        for (int left = cuts.nextInt(CUTS_MAX); left > 0; left--) {
            int to = from + cuts.nextInt(bytes.length - from + 1);
            connection.receive(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        connection.receive(Arrays.copyOfRange(bytes, from, bytes.length));
        return connection.hangUp();
    }

    @Test
    void framesAreTakenOrEndTheConnectionHoweverTheyArrive() {
        var random = new Random(1);
        long heardBytes = 0;
        for (int input = 0; input < INPUTS; input++) {
            byte[] bytes = stream(random);
            byte[] once = heard(bytes, new Random(input));
            byte[] again = heard(bytes, new Random(~input));

            // Of what came in one piece with bytes that are no frames, a route may hear less.
            int common = Math.min(once.length, again.length);
            assertThat(Arrays.copyOf(once, common)).as("input %d", input).isEqualTo(Arrays.copyOf(again, common));
            heardBytes += common;
        }
        assertThat(heardBytes).isPositive();
    }

    @Test
    void whoSendsPingsAndTakesNoPongsIsNotReadFurther() {
        var random = new Random(2);
        var connection = new Connection(random);
        connection.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        connection.channel.runPendingTasks();
        int[] reads = {0};
        connection.channel.pipeline().addFirst(new CountedReads(reads));

        connection.receive(frame(random, 9));
        assertThat(reads[0]).isZero();
        connection.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        connection.channel.runPendingTasks();

        assertThat(reads[0]).isEqualTo(1);
        connection.hangUp();
    }

    private static final class CountedReads extends ChannelOutboundHandlerAdapter {

        private final int[] reads;

        CountedReads(int[] reads) {
            this.reads = reads;
        }

        @Override
        public void read(ChannelHandlerContext context) {
            reads[0]++;
            context.read();
        }
    }
}
