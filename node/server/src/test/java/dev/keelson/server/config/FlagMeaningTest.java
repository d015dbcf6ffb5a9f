package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.server.log.Rotation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What flags beyond those of addresses, certificates and membership do and refuse. */
final class FlagMeaningTest {

    private static NodeConfig parse(String... words) {
        return NodeConfig.parse(List.of(words), Map.of());
    }

    private static FlagValues values(String... words) {
        return FlagValues.parse(List.of(words), Map.of());
    }

    @ParameterizedTest
    @CsvSource({"10000, 10000", "10_000, 10000", "0x10, 16", "0b11, 3", "0o17, 15", "017, 15", "0, 0"})
    void aNumberIsReadAsGoReadsIt(String word, long number) {
        assertThat(values("--max-txn-ops", word).number("max-txn-ops")).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", "1e9", "1.5", "", " 1", "_1", "1_", "1__0", "08", "0x", "18446744073709551616"})
    void whatIsNoNumberThereIsRefused(String word) {
        FlagException refusal = catchThrowableOfType(FlagException.class, () -> values("--max-txn-ops", word));

        assertThat(refusal).hasMessageContaining("\"" + word + "\"").hasMessageContaining("--max-txn-ops");
        assertThat(refusal.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"-5s, -5000", "+5s, 5000", ".5s, 500", "1.s, 1000", "1μs, 0"})
    void oddDurationsAreReadAsGoReadsThem(String word, long millis) {
        assertThat(values("--grpc-keepalive-timeout", word).millis("grpc-keepalive-timeout"))
                .isEqualTo(millis);
    }

    @Test
    void whatEtcdTakesForAsUsualIsAsUsual() {
        var limits = parse(
                        "--grpc-keepalive-min-time=0",
                        "--grpc-keepalive-interval=0",
                        "--grpc-keepalive-timeout=-1s",
                        "--max-concurrent-streams=0",
                        "--snapshot-count=0",
                        "--snapshot-catchup-entries=0")
                .member()
                .limits();

        assertThat(limits).isEqualTo(parse().member().limits());
    }

    @Test
    void aLogMayLieApart() {
        assertThat(parse("--wal-dir=/w").member().directories().log()).isEqualTo(Path.of("/w"));
        assertThat(parse().member().directories().log()).isNull();
    }

    @Test
    void rotationIsReadInTheWordsOfEtcdsOwn() {
        NodeConfig.Log log = parse(
                        "--enable-log-rotation",
                        "--log-outputs=stderr,k.log",
                        "--log-rotation-config-json={\"maxsize\": 2, \"maxbackups\": 3, \"compress\": true}")
                .log();

        assertThat(log.rotation()).isEqualTo(new Rotation(2 << 20, 0, 3, false, true));
    }

    @Test
    void gatesAreOpenAsInEtcdOrAsTheyAreSetByThemselvesOrByTheirStage() {
        assertThat(FeatureGate.parse(values()).on())
                .containsExactlyInAnyOrder(
                        FeatureGate.FAST_LEASE_KEEP_ALIVE, FeatureGate.TXN_MODE_WRITE_WITH_SHARED_BUFFER);
        FeatureGate.Gates gates =
                FeatureGate.parse(values("--feature-gates=InitialCorruptCheck=false,AllAlpha=true,AllBeta=false"));

        assertThat(gates.isOn(FeatureGate.INITIAL_CORRUPT_CHECK)).isFalse();
        assertThat(gates.isOn(FeatureGate.COMPACT_HASH_CHECK)).isTrue();
        assertThat(gates.isOn(FeatureGate.FAST_LEASE_KEEP_ALIVE)).isFalse();
    }

    @Test
    void gatesWithoutEffectAreNamedInOneWarning() {
        assertThat(parse("--feature-gates=PriorityRequest=true,CompactHashCheck=true,SetMemberLocalAddr=true")
                        .warnings())
                .containsExactly("feature gates without effect here: SetMemberLocalAddr (the system chooses where"
                        + " connections to members come from), PriorityRequest (every request waits in the same"
                        + " queue)");
    }

    @Test
    void flagsOfTheirOldDaysAreAcceptedAndNamed() {
        assertThat(parse("--snapshot=1", "-v", "--metrics=lots").warnings())
                .containsExactlyInAnyOrder(
                        "flag \"-snapshot\" is no longer supported - ignoring",
                        "flag \"-v\" is no longer supported - ignoring",
                        "--metrics=lots is neither basic nor extensive, and taken for basic");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--feature-gates=Nope=true | 2 | unrecognized feature gate: Nope",
                "--feature-gates=InitialCorruptCheck | 2 | missing bool value for InitialCorruptCheck",
                "--feature-gates=InitialCorruptCheck=maybe | 2 | \"maybe\" for --feature-gates, InitialCorruptCheck",
                "--feature-gates=LeaseCheckpointPersist=true | 1 | LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
                "--logger=slf | 1 | \"slf\" for --logger: give zap",
                "--log-level=loud | 1 | \"loud\" for --log-level",
                "--log-format=xml | 1 | \"xml\" for --log-format",
                "--log-outputs=default,stderr | 1 | --log-outputs=default,stderr: multi logoutput",
                "--log-outputs= | 1 | --log-outputs=\"\": an output has no name",
                "--log-outputs=systemd/journal | 1 | --log-outputs=systemd/journal: the journal",
                "--enable-log-rotation | 1 | --log-outputs=default requires a single file path",
                "--enable-log-rotation --log-outputs=a,b | 1 | --log-outputs=a,b requires a single file path",
                "--enable-log-rotation --log-outputs=a --log-rotation-config-json={ | 1 | improperly formatted log rotation config",
                "--enable-log-rotation --log-outputs=a --log-rotation-config-json={\"maxsize\":\"a\"} | 1 | maxsize is a; give a whole number",
                "--enable-log-rotation --log-outputs=a --log-rotation-config-json=5 | 1 | invalid log rotation config",
                "--max-wals=-1 | 2 | \"-1\" for --max-wals",
                "--max-learners=-1 | 1 | --max-learners=-1",
                "--max-concurrent-streams=4294967296 | 2 | \"4294967296\" for --max-concurrent-streams",
                "--discovery-fallback=proxy | 1 | --discovery-fallback=proxy",
                "--v2-deprecation=maybe | 2 | \"maybe\" for --v2-deprecation",
                "--discovery-token=x | 1 | --discovery-token=x: not available",
                "--discovery-srv=example.com | 1 | --discovery-srv=example.com: not available"
            })
    void whatCannotBeFollowedIsRefusedWithTheFlagAndTheValue(String line, int code, String part) {
        FlagException refusal = catchThrowableOfType(FlagException.class, () -> parse(line.split(" ", -1)));

        assertThat(refusal).hasMessageContaining(part);
        assertThat(refusal.exitCode()).isEqualTo(code);
    }

    @Test
    void everyFlagWithoutEffectSaysWhyAndNoOtherDoes() {
        assertThat(FlagTable.ALL)
                .allSatisfy(flag ->
                        assertThat(flag.why().isEmpty()).as(flag.name()).isEqualTo(flag.effect() != Flag.Effect.NONE));
    }
}
