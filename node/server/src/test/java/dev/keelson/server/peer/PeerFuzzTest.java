package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.keelson.api.peer.RaftMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come from a peer, they are a message or are refused as none; {@code -Dfuzz.inputs=N}: how many. */
final class PeerFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
    private static final int CHANGES_MAX = 4;

    private interface Decoder {
        void decode(byte[] bytes) throws InvalidProtocolBufferException;
    }

    private static byte[] changed(byte[] whole, Random random) {
        byte[] bytes = Arrays.copyOf(whole, random.nextInt(8) == 0 ? random.nextInt(whole.length + 9) : whole.length);
        for (int changes = random.nextInt(CHANGES_MAX) + 1; changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return bytes;
    }

    private static void feed(List<byte[]> wholes, Decoder decoder) {
        var random = new Random(1);
        int taken = 0;
        for (int input = 0; input < INPUTS; input++) {
            byte[] bytes = changed(wholes.get(random.nextInt(wholes.size())), random);
            Throwable refused = catchThrowable(() -> decoder.decode(bytes));
            if (refused == null) {
                taken++;
            } else {
                assertThat(refused)
                        .as("input %d", input)
                        .isInstanceOfAny(
                                InvalidProtocolBufferException.class, MessageCodec.MalformedMessageException.class);
            }
        }
        assertThat(taken).as("inputs that are messages still").isPositive();
    }

    @Test
    void bytesOfConsensusMessagesAreMessagesOrNone() {
        feed(
                MessageCodecTest.messages().stream()
                        .map(message -> MessageCodec.encode(message).toByteArray())
                        .toList(),
                bytes -> MessageCodec.decode(1, 2, RaftMessage.parseFrom(bytes)));
    }

    @Test
    void bytesOfForwardedQuestionsAndAnswersAreSomeOrNone() {
        feed(
                ForwardCodecTest.messages().stream()
                        .map(message -> ForwardCodec.encode(message).toByteArray())
                        .toList(),
                bytes -> ForwardCodec.decode(1, 2, dev.keelson.api.peer.Forward.parseFrom(bytes)));
    }
}
