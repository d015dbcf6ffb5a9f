package dev.keelson.operator.execute;

import dev.keelson.operator.api.UpdatesSpec;
import dev.keelson.operator.api.UpdatesSpec.Day;
import dev.keelson.operator.api.UpdatesSpec.Strategy;
import dev.keelson.operator.api.UpdatesSpec.Urgency;
import dev.keelson.operator.api.UpdatesSpec.Window;
import dev.keelson.operator.dependent.Amounts;
import dev.keelson.operator.observe.ClusterObservation.Rollout;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether changes that restart members may be rolled out at a moment. */
final class MaintenanceWindows {
    private static final int WEEK_DAYS = 7;

    private MaintenanceWindows() {}

    static Rollout rollout(UpdatesSpec updates, Instant now) {
        if (updates.strategy() == Strategy.OnDelete) {
            return new Rollout("its Pod to be deleted, as updates.strategy says");
        }
        List<Window> windows = updates.maintenanceWindows();
        if (windows.isEmpty() || updates.urgency() == Urgency.Immediate) {
            return Rollout.NOW;
        }
        Instant next = Instant.MAX;
        for (Window window : windows) {
            Instant opens = opens(window, now);
            if (!opens.isAfter(now)) {
                return Rollout.NOW;
            }
            next = opens.isBefore(next) ? opens : next;
        }
        return new Rollout("the maintenance window at " + next);
    }

    /** When the window that is open now was opened, or when the next one opens. Yesterday's may reach into today. */
    private static Instant opens(Window window, Instant now) {
        ZonedDateTime here = now.atZone(ZoneId.of(window.timeZone()));
        Duration length = Amounts.duration(window.duration());
        for (int day = -1; day <= WEEK_DAYS; day++) {
            ZonedDateTime date = here.plusDays(day);
            ZonedDateTime start =
                    date.toLocalDate().atTime(LocalTime.parse(window.start())).atZone(here.getZone());
            if (isOn(window, date.getDayOfWeek())
                    && start.toInstant().plus(length).isAfter(now)) {
                return start.toInstant();
            }
        }
        throw new IllegalStateException("no day of the week is in " + window);
    }

    private static boolean isOn(Window window, DayOfWeek day) {
        return window.days().isEmpty()
                || window.days().stream()
                        .map(Day::name)
                        .anyMatch(name -> name.toUpperCase(Locale.ROOT).equals(day.name()));
    }

    /** What is wrong with a window; null when nothing is. */
    static @Nullable String problem(Window window) {
        try {
            ZoneId.of(window.timeZone());
            LocalTime.parse(window.start());
            return null;
        } catch (DateTimeException e) {
            return "updates.maintenanceWindows: " + e.getMessage();
        }
    }
}
