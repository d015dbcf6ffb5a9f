package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.engine.maintenance.MaintenanceConfig.AutoCompactionConfig;
import dev.keelson.engine.maintenance.MaintenanceConfig.CheckConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceFlagsTest {

    private static NodeConfig parse(String line) {
        return NodeConfig.parse(List.of(line.split(" ", -1)), Map.of());
    }

    private static MaintenanceConfig config(String line) {
        return parse(line).member().maintenance();
    }

    @Test
    void withoutFlagsItIsAsWithEtcd() {
        assertThat(config("--name=a")).isEqualTo(MaintenanceConfig.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "--auto-compaction-retention=5,                                true,  18000000",
        "--auto-compaction-retention=90m,                              true,  5400000",
        "--auto-compaction-retention=0,                                true,  0",
        "--auto-compaction-mode=revision --auto-compaction-retention=1000, false, 1000",
        "--auto-compaction-mode=revision --auto-compaction-retention=1ms,  false, 1000000",
    })
    void aRetentionIsATimeInHoursUnlessItSaysOtherwiseOrANumber(String line, boolean byTime, long retention) {
        assertThat(config(line).compaction()).isEqualTo(new AutoCompactionConfig(byTime, retention));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--auto-compaction-mode=hourly",
                "--auto-compaction-retention=-5",
                "--auto-compaction-retention=x"
            })
    void whatIsNeitherIsRefused(String line) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(FlagException.class);
    }

    @Test
    void aQuotaMayBeLiftedAndALargeOneIsWarnedOf() {
        assertThat(config("--quota-backend-bytes=-1").quotaBytes()).isNegative();
        assertThat(config("--quota-backend-bytes=5").quotaBytes()).isEqualTo(5);
        assertThat(parse("--quota-backend-bytes=8589934592").warnings()).isEmpty();
        assertThat(parse("--quota-backend-bytes=8589934593").warnings())
                .singleElement()
                .asString()
                .contains("--quota-backend-bytes=8589934593");
    }

    @Test
    void comparisonsAreMadeWhenGatesAndFlagsSaySo() {
        assertThat(config("--compact-hash-check-time=2m").checks()).isEqualTo(CheckConfig.OFF);
        assertThat(config("--corrupt-check-time=4h --compact-hash-check-time=2m"
                                + " --feature-gates=CompactHashCheck=true,InitialCorruptCheck=true")
                        .checks())
                .isEqualTo(new CheckConfig(14_400_000, 120_000, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--feature-gates=InitialCorruptCheck=1", "--feature-gates=AllAlpha=true"})
    void aGateIsOpenInAllTheWaysOfSayingSo(String line) {
        assertThat(config(line).checks().atStart()).isTrue();
    }
}
