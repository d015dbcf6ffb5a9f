package dev.keelson.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterVersionTest {

    private static final ClusterVersion OWN = new ClusterVersion(3, 7);

    @ParameterizedTest
    @CsvSource({"3.7, 3.7.0", "3.6.12, 3.6.0", "3.10.0-rc.1+build.5, 3.10.0", "4.0.0, 4.0.0"})
    void theNumberOfThePatchDoesNotCount(String text, String version) {
        assertThat(ClusterVersion.parse(text)).get().hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "v3.6", "3.6.", "3.06.0", "3.6.0.1", "3.-6.0", "9999999999.1.0"})
    void whatIsNoVersionIsNone(String text) {
        assertThat(ClusterVersion.parse(text)).isEmpty();
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(new ClusterVersion(3, 10)).isGreaterThan(OWN).isLessThan(new ClusterVersion(4, 0));
        assertThat(OWN.oneDown()).isEqualTo(new ClusterVersion(3, 6));
        assertThat(OWN.brief()).isEqualTo("3.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.0", "4.0.0", "unknown"})
    void aMemberDoesNotServeAClusterThatHasGoneBeyondIt(String agreed) {
        assertThatThrownBy(() -> UnknownVersionException.requireKnown(OWN, agreed))
                .isInstanceOf(UnknownVersionException.class)
                .hasMessageContaining("server version 3.7 is lower than determined cluster version " + agreed);
    }

    @Test
    void aMemberServesAClusterThatIsBehindItOrUndecided() {
        assertThatCode(() -> UnknownVersionException.requireKnown(OWN, "3.6.0")).doesNotThrowAnyException();
        assertThatCode(() -> UnknownVersionException.requireKnown(OWN, "3.7.0")).doesNotThrowAnyException();
        assertThatCode(() -> UnknownVersionException.requireKnown(OWN, null)).doesNotThrowAnyException();
    }
}
