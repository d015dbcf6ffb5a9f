package dev.keelson.engine.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keelson.engine.Member;
import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.engine.membership.MemberChange.Kind;
import dev.keelson.raft.confchange.ConfChange;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes stand for a member or a change of one, they are read or refused; {@code -Dfuzz.inputs=N}: how many. */
class MemberFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);

    private static final Member MEMBER =
            new Member(-7, "näme", List.of("http://a:1", "http://b:2"), List.of("http://c:3"), true);

    private static byte[] changed(byte[] whole, Random random) {
        byte[] bytes = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length + 5) : whole.length);
        for (int changes = random.nextInt(3) + 1; changes > 0 && bytes.length > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void aMemberIsReadOrRefused() {
        var random = new Random(1);
        byte[] whole = MemberCodec.encode(MEMBER);
        for (int input = 0; input < INPUTS; input++) {
            byte[] bytes = changed(whole, random);
            Throwable refused = catchThrowable(() -> MemberCodec.decode(bytes));
            if (refused != null) {
                assertThat(refused).as("input %d", input).isInstanceOf(MalformedBytesException.class);
            }
        }
        assertThat(MemberCodec.decode(whole)).isEqualTo(MEMBER);
    }

    @Test
    void aChangeIsReadOrRefused() {
        var random = new Random(2);
        byte[] whole =
                new MemberChange(42, Kind.UPDATE, MEMBER, 3).toConfChange().encode();
        for (int input = 0; input < INPUTS; input++) {
            byte[] bytes = changed(whole, random);
            Throwable refused = catchThrowable(() -> MemberChange.of(ConfChange.decode(bytes)));
            if (refused != null) {
                assertThat(refused)
                        .as("input %d", input)
                        .isInstanceOfAny(MalformedBytesException.class, IllegalArgumentException.class);
            }
        }
        assertThat(MemberChange.of(ConfChange.decode(whole)).member()).isEqualTo(MEMBER);
    }
}
