package dev.keelson.backup.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:30:00Z");

    /** One every six hours for a hundred days. */
    private static final List<Instant> BACKUPS = IntStream.range(0, 400)
            .mapToObj(i -> NOW.minus(Duration.ofHours(6L * i + 1)))
            .toList();

    private static Set<Instant> kept(List<Instant> backups, Retention retention) {
        return new TreeSet<>(retention.kept(backups, Function.identity(), NOW));
    }

    private static Retention rules(int last, Duration within, int... periods) {
        return new Retention(last, within, periods[0], periods[1], periods[2], periods[3], ZoneOffset.UTC);
    }

    @Test
    void theNewestStaysWhateverTheRulesSay() {
        assertThat(kept(BACKUPS, rules(0, Duration.ZERO, 0, 0, 0, 0))).containsExactly(BACKUPS.getFirst());
        assertThat(kept(BACKUPS.subList(300, 301), rules(0, Duration.ZERO, 0, 0, 0, 0)))
                .hasSize(1);
        assertThat(kept(List.of(), rules(3, Duration.ofDays(3), 1, 1, 1, 1))).isEmpty();
    }

    @Test
    void theLastAndThoseThatAreYoungStay() {
        assertThat(kept(BACKUPS, rules(3, Duration.ZERO, 0, 0, 0, 0))).hasSize(3);
        assertThat(kept(BACKUPS, rules(0, Duration.ofHours(25), 0, 0, 0, 0)))
                .containsExactlyInAnyOrderElementsOf(BACKUPS.subList(0, 5));
    }

    @Test
    void theNewestOfEachPeriodStays() {
        assertThat(kept(BACKUPS, rules(0, Duration.ZERO, 0, 3, 0, 0)))
                .containsExactly(
                        Instant.parse("2026-02-27T23:30:00Z"),
                        Instant.parse("2026-02-28T23:30:00Z"),
                        Instant.parse("2026-03-01T11:30:00Z"));
        assertThat(kept(BACKUPS, rules(0, Duration.ZERO, 0, 0, 2, 0)))
                .containsExactly(Instant.parse("2026-02-22T23:30:00Z"), Instant.parse("2026-03-01T11:30:00Z"));
        assertThat(kept(BACKUPS, rules(0, Duration.ZERO, 0, 0, 0, 3)))
                .containsExactly(
                        Instant.parse("2026-01-31T23:30:00Z"),
                        Instant.parse("2026-02-28T23:30:00Z"),
                        Instant.parse("2026-03-01T11:30:00Z"));
        assertThat(kept(BACKUPS, rules(0, Duration.ZERO, 5, 0, 0, 0)))
                .containsExactlyInAnyOrderElementsOf(BACKUPS.subList(0, 5));
    }

    @Test
    void daysAreThoseOfTheZone() {
        var auckland = new Retention(0, Duration.ZERO, 0, 2, 0, 0, ZoneId.of("Pacific/Auckland"));
        assertThat(new TreeSet<>(auckland.kept(BACKUPS, Function.identity(), NOW)))
                .containsExactly(Instant.parse("2026-03-01T05:30:00Z"), Instant.parse("2026-03-01T11:30:00Z"));
    }
}
