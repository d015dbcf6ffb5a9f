package dev.keelson.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.engine.maintenance.AlarmType;
import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.TxnRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandCodecTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final TxnRequest NESTED = new TxnRequest(
            List.of(new Compare(
                    Compare.Target.LEASE, Compare.Result.NOT_EQUAL, bytes("k"), new byte[] {0}, -7, bytes("v"))),
            List.of(
                    new PutRequest(bytes("a"), bytes("b"), 5, true, false, true),
                    RangeRequest.of(bytes("a"), bytes("z")).at(9),
                    new TxnRequest(
                            List.of(), List.of(new DeleteRangeRequest(bytes("x"), new byte[0], true)), List.of())),
            List.of());

    private static final Command CHECKPOINT = new Command.LeaseCheckpoint(
            12, List.of(new Command.LeaseRest(-5, 70, 9_000_000_000L), new Command.LeaseRest(6, Long.MAX_VALUE, 0)));

    private static byte[] encoded() {
        return CommandCodec.encode(42, new Command.Write(NESTED));
    }

    @Test
    void aNestedTransactionComesBackAsItWas() {
        var write = (Command.Write) CommandCodec.decode(encoded());

        assertThat(write.operation()).usingRecursiveComparison().isEqualTo(NESTED);
    }

    @Test
    void everyOtherCommandComesBackAsItWas() {
        for (Command command : List.of(
                new Command.Compact(77),
                new Command.Publish(-5, "näme", List.of("http://a", "http://b")),
                new Command.SetClusterVersion("3.7.0"),
                new Command.LeaseGrant(-7, 9_000_000_000L),
                new Command.LeaseRevoke(Long.MIN_VALUE),
                new Command.LeaseExpire(-1, 1_000_000, 12),
                CHECKPOINT,
                new Command.LeaseCheckpoint(3, List.of()),
                new Command.Alarm(Command.Alarm.Action.CLEAR, AlarmType.CORRUPT, -3),
                new Command.SetDowngrade("3.6.0"))) {
            assertThat(CommandCodec.decode(CommandCodec.encode(1, command))).isEqualTo(command);
        }
    }

    @Test
    void theRequestIdIsReadWithoutDecodingTheRest() {
        assertThat(CommandCodec.requestId(encoded())).isEqualTo(42);
    }

    static List<byte[]> wholes() {
        return List.of(
                encoded(),
                CommandCodec.encode(42, CHECKPOINT),
                CommandCodec.encode(42, new Command.Alarm(Command.Alarm.Action.LIST, AlarmType.NONE, 0)),
                CommandCodec.encode(42, new Command.LeaseExpire(-1, 3, 2)));
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void aCutOffCommandIsMalformedAtEveryLength(byte[] whole) {
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> CommandCodec.decode(cut)).isInstanceOf(MalformedBytesException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void randomBytesAreMalformedOrACommandAndNothingElse(byte[] whole) {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = whole.clone();
            noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            try {
                assertThat(CommandCodec.decode(noise)).isNotNull();
            } catch (MalformedBytesException refused) {
                assertThat(refused).hasMessageStartingWith("malformed record: ");
            }
        }
    }

    @Test
    void aFormatOfTheFutureIsRefusedByName() {
        byte[] future = encoded();
        future[0] = 9;

        assertThatThrownBy(() -> CommandCodec.decode(future)).hasMessageContaining("format 9");
    }
}
