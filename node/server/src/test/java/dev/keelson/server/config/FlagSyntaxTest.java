package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FlagSyntaxTest {

    private static FlagValues parse(String... words) {
        return FlagValues.parse(List.of(words), Map.of());
    }

    private static FlagException refusal(Map<String, String> environment, String... words) {
        return catchThrowableOfType(FlagException.class, () -> FlagValues.parse(List.of(words), environment));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--name=a", "-name=a", "--name a", "-name a", "--name b --name a", "--name b -name=a"})
    void aValueStandsBehindOneOrTwoDashesAndAnEqualsSignOrASpaceAndTheLastOneWins(String line) {
        assertThat(parse(line.split(" ", -1)).text("name")).isEqualTo("a");
    }

    @Test
    void aValueMayHoldEqualsSigns() {
        assertThat(parse("--initial-cluster=a=http://x:1").text("initial-cluster"))
                .isEqualTo("a=http://x:1");
    }

    @Test
    void aValueMayBeginWithADash() {
        assertThat(parse("--name", "-odd").text("name")).isEqualTo("-odd");
    }

    @ParameterizedTest
    @CsvSource({
        "--pre-vote, true",
        "--pre-vote=true, true",
        "--pre-vote=T, true",
        "--pre-vote=1, true",
        "--pre-vote=false, false",
        "--pre-vote=F, false",
        "--pre-vote=0, false"
    })
    void aSwitchStandsBareOrTakesGosWordsForTrueAndFalse(String word, boolean on) {
        assertThat(parse(word).isOn("pre-vote")).isEqualTo(on);
    }

    @ParameterizedTest
    @CsvSource({"5s, 5000", "100ms, 100", "1h30m, 5400000", "1.5s, 1500", "2h0m0s, 7200000", "0, 0", "250us, 0"})
    void aDurationIsReadAsGoReadsIt(String value, long millis) {
        assertThat(parse("--grpc-keepalive-timeout", value).millis("grpc-keepalive-timeout"))
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nope=1 | flag provided but not defined: -nope; keelson --help lists the flags there are",
                "--name | flag needs an argument: -name",
                "--heartbeat-interval=abc | invalid value \"abc\" for --heartbeat-interval: give a whole number that is not negative",
                "--pre-vote=maybe | invalid value \"maybe\" for --pre-vote: give true or false",
                "--grpc-keepalive-timeout=5 | invalid value \"5\" for --grpc-keepalive-timeout: give a duration such as 5s or 100ms"
            })
    void wordsThatAreNoFlagsEndWithEtcdsCodeAndAreNamed(String word, String message) {
        FlagException refusal = refusal(Map.of(), word);

        assertThat(refusal).hasMessage(message);
        assertThat(refusal.exitCode()).isEqualTo(2);
    }

    @Test
    void aStrayWordIsRefused() {
        FlagException refusal = refusal(Map.of(), "--name", "a", "stray");

        assertThat(refusal).hasMessage("\"stray\" is neither a flag nor a command; keelson --help lists both");
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @Test
    void aVariableSetsAFlag() {
        FlagValues values = FlagValues.parse(List.of(), Map.of("ETCD_MAX_TXN_OPS", "7", "PATH", "/bin"));

        assertThat(values.number("max-txn-ops")).isEqualTo(7);
        assertThat(values.warnings()).isEmpty();
    }

    @Test
    void anEmptyVariableIsNotSet() {
        FlagValues values = FlagValues.parse(List.of(), Map.of("ETCD_NAME", ""));

        assertThat(values.text("name")).isEqualTo("default");
    }

    @Test
    void aVariableBesideItsFlagIsRefused() {
        FlagException refusal = refusal(Map.of("ETCD_NAME", "x"), "--name", "y");

        assertThat(refusal)
                .hasMessage("conflicting environment variable ETCD_NAME is shadowed by --name; unset the variable or"
                        + " drop the flag");
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @Test
    void anUnknownVariableIsOnlyWarnedOf() {
        FlagValues values = FlagValues.parse(List.of(), Map.of("ETCD_VERIFY", "all"));

        assertThat(values.warnings()).containsExactly("unrecognized environment variable ETCD_VERIFY");
    }

    @Test
    void flagsWithoutEffectAreNamedInOneWarningUnlessTheyHaveTheirDefault() {
        FlagValues values = parse("--memory-mlock", "--backend-batch-interval=", "--max-wals=9", "--max-wals=7");

        assertThat(values.warnings())
                .containsExactly("flags without effect here: --memory-mlock (the store is larger than memory may be),"
                        + " --max-wals (the log is cut as soon as nobody needs it)");
    }

    @Test
    void everyDefaultCanBeRead() {
        FlagValues values = parse();

        assertThat(FlagTable.ALL)
                .allSatisfy(flag ->
                        assertThat(flag.isStandard(values.text(flag.name()))).isTrue());
    }
}
