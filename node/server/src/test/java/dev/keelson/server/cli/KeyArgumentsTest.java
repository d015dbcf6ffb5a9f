package dev.keelson.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

final class KeyArgumentsTest {

    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    @Test
    void aKeyAloneHasNoEnd() {
        assertThat(KeyArguments.of("a", "", false, false).end()).isEqualTo(ByteString.EMPTY);
    }

    @Test
    void aPrefixEndsBeforeTheFirstKeyThatDoesNotBeginWithIt() {
        assertThat(KeyArguments.of("ab", "", true, false).end().toStringUtf8()).isEqualTo("ac");
    }

    @Test
    void anEmptyPrefixIsEveryKey() {
        assertThat(KeyArguments.of("", "", true, false)).isEqualTo(new KeyArguments(ZERO, ZERO));
    }

    @Test
    void fromKeyHasNoUpperEnd() {
        assertThat(KeyArguments.of("a", "", false, true).end()).isEqualTo(ZERO);
    }

    @Test
    void wordsThatContradictEachOtherEndWithEtcdctlsCode() {
        CommandFailure both = catchThrowableOfType(CommandFailure.class, () -> KeyArguments.of("a", "", true, true));
        CommandFailure end = catchThrowableOfType(CommandFailure.class, () -> KeyArguments.of("a", "b", true, false));

        assertThat(both.exitCode()).isEqualTo(128);
        assertThat(end.exitCode()).isEqualTo(128);
    }
}
