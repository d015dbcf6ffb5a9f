package dev.keelson.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.Permission;
import dev.keelson.engine.auth.Principal;
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
        return CommandCodec.encode(42, Principal.NOBODY, new Command.Write(NESTED));
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
            assertThat(CommandCodec.decode(CommandCodec.encode(1, Principal.NOBODY, command)))
                    .isEqualTo(command);
        }
    }

    @Test
    void everyChangeOfUsersAndRolesComesBackAsItWas() {
        byte[] hash = {1, -2};
        for (AuthChange change : List.of(
                new AuthChange.Enable(),
                new AuthChange.Disable(),
                new AuthChange.LogIn("näme", Long.MAX_VALUE, hash),
                new AuthChange.AddUser("u", hash, true),
                new AuthChange.DeleteUser("u"),
                new AuthChange.ChangePassword("u", hash),
                new AuthChange.GrantRole("u", "r"),
                new AuthChange.RevokeRole("u", "r"),
                new AuthChange.AddRole("r"),
                new AuthChange.DeleteRole("r"),
                new AuthChange.GrantPermission("r", new Permission(Permission.Kind.WRITE, bytes("k"), bytes("l"))),
                new AuthChange.RevokePermission("r", bytes("k"), bytes("")))) {
            byte[] payload = CommandCodec.encode(1, Principal.NOBODY, new Command.ChangeAuth(change));

            assertThat(CommandCodec.decode(payload))
                    .usingRecursiveComparison()
                    .isEqualTo(new Command.ChangeAuth(change));
        }
    }

    @Test
    void aCommandInSomebodysNameTellsWhose() {
        var caller = new Principal("älice", 1L << 40);
        byte[] payload = CommandCodec.encode(42, caller, new Command.LeaseRevoke(7));

        assertThat(CommandCodec.caller(payload)).isEqualTo(caller);
        assertThat(CommandCodec.decode(payload)).isEqualTo(new Command.LeaseRevoke(7));
        assertThat(CommandCodec.requestId(payload)).isEqualTo(42);
    }

    @Test
    void aCommandInNobodysNameIsAsLongAsEver() {
        assertThat(CommandCodec.encode(42, Principal.NOBODY, new Command.LeaseRevoke(7)))
                .hasSize(1 + Long.BYTES + 1 + Long.BYTES);
        assertThat(CommandCodec.caller(encoded())).isSameAs(Principal.NOBODY);
    }

    @Test
    void theRequestIdIsReadWithoutDecodingTheRest() {
        assertThat(CommandCodec.requestId(encoded())).isEqualTo(42);
    }

    static List<byte[]> wholes() {
        return List.of(
                encoded(),
                CommandCodec.encode(42, Principal.NOBODY, CHECKPOINT),
                CommandCodec.encode(
                        42, Principal.NOBODY, new Command.Alarm(Command.Alarm.Action.LIST, AlarmType.NONE, 0)),
                CommandCodec.encode(42, Principal.NOBODY, new Command.LeaseExpire(-1, 3, 2)));
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
