package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.UpdatesSpec;
import dev.keelson.operator.api.UpdatesSpec.Day;
import dev.keelson.operator.api.UpdatesSpec.Strategy;
import dev.keelson.operator.api.UpdatesSpec.Urgency;
import dev.keelson.operator.api.UpdatesSpec.Window;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaintenanceWindowsTest {
    private static final Window SATURDAY_NIGHT = new Window(List.of(Day.Saturday), "23:00", "4h", "Europe/Berlin");

    /** The third of January 2026 is a Saturday. */
    @ParameterizedTest
    @CsvSource({
        "2026-01-03T21:59:59Z, 2026-01-03T22:00:00Z",
        "2026-01-03T22:00:00Z,",
        "2026-01-04T01:59:59Z,",
        "2026-01-04T02:00:00Z, 2026-01-10T22:00:00Z",
        "2026-07-04T21:00:00Z,"
    })
    void changesWaitForTheWindow(Instant now, String opens) {
        UpdatesSpec updates = new UpdatesSpec(Strategy.Rolling, Urgency.Normal, List.of(SATURDAY_NIGHT));

        assertThat(MaintenanceWindows.rollout(updates, now).waitsFor())
                .isEqualTo(opens == null ? null : "the maintenance window at " + opens);
    }

    @Test
    void withoutWindowsNothingWaits() {
        UpdatesSpec updates = new UpdatesSpec(Strategy.Rolling, Urgency.Normal, List.of());

        assertThat(MaintenanceWindows.rollout(updates, Instant.EPOCH).waitsFor())
                .isNull();
    }

    @Test
    void whatIsUrgentWaitsForNoWindow() {
        UpdatesSpec updates = new UpdatesSpec(Strategy.Rolling, Urgency.Immediate, List.of(SATURDAY_NIGHT));

        assertThat(MaintenanceWindows.rollout(updates, Instant.EPOCH).waitsFor())
                .isNull();
    }

    @Test
    void aZoneThatThereIsNotIsAProblem() {
        assertThat(MaintenanceWindows.problem(new Window(List.of(), "10:00", "1h", "Europe/Atlantis")))
                .contains("Europe/Atlantis");
        assertThat(MaintenanceWindows.problem(SATURDAY_NIGHT)).isNull();
    }
}
