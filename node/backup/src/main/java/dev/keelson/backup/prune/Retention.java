package dev.keelson.backup.prune;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which backups are kept: whatever any of its rules keeps, and the newest in any case.
 *
 * @param last so many of the newest
 * @param within all that are not older
 * @param hourly the newest of each of the last so many hours that have one; likewise the others
 * @param zone whose days, weeks and months count
 */
public record Retention(int last, Duration within, int hourly, int daily, int weekly, int monthly, ZoneId zone) {

    private static final int WEEKS_OF_YEAR_BOUND = 100;

    /** Those of the backups, told by their times, that are kept. */
    public <T> Set<T> kept(List<T> backups, Function<T, Instant> time, Instant now) {
        List<T> newestFirst =
                backups.stream().sorted(Comparator.comparing(time).reversed()).toList();
        var kept = new HashSet<T>(newestFirst.subList(0, Math.min(Math.max(last, 1), newestFirst.size())));
        newestFirst.stream()
                .filter(backup -> !time.apply(backup).isBefore(now.minus(within)))
                .forEach(kept::add);
        keep(newestFirst, kept, hourly, backup -> at(time, backup).truncatedTo(ChronoUnit.HOURS));
        keep(newestFirst, kept, daily, backup -> at(time, backup).toLocalDate());
        keep(
                newestFirst,
                kept,
                weekly,
                backup -> at(time, backup).get(IsoFields.WEEK_BASED_YEAR) * WEEKS_OF_YEAR_BOUND
                        + at(time, backup).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        keep(
                newestFirst,
                kept,
                monthly,
                backup -> at(time, backup).toLocalDate().withDayOfMonth(1));
        return kept;
    }

    private <T> LocalDateTime at(Function<T, Instant> time, T backup) {
        return LocalDateTime.ofInstant(time.apply(backup), zone);
    }

    private static <T> void keep(List<T> newestFirst, Set<T> kept, int periods, Function<T, Object> period) {
        var seen = new HashSet<Object>();
        for (T backup : newestFirst) {
            if (seen.size() < periods && seen.add(period.apply(backup))) {
                kept.add(backup);
            }
        }
    }
}
