package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** When changes that restart members are rolled out. What repairs a cluster waits for nothing of this. */
public record UpdatesSpec(
        @Default("Rolling") Strategy strategy,
        @Default("Normal") Urgency urgency,
        @Size(max = 16) List<Window> maintenanceWindows) {
    static final UpdatesSpec DEFAULTS = new UpdatesSpec(Strategy.Rolling, Urgency.Normal, List.of());

    public UpdatesSpec {
        strategy = Absent.or(strategy, Strategy.Rolling);
        urgency = Absent.or(urgency, Urgency.Normal);
        maintenanceWindows = Absent.orEmpty(maintenanceWindows);
    }

    /** Who restarts members: the operator one by one, or whoever deletes their Pods. */
    public enum Strategy {
        Rolling,
        OnDelete
    }

    /** Whether changes wait for a maintenance window. */
    public enum Urgency {
        Normal,
        Immediate
    }

    /** Days of the week, as ISO names them. */
    public enum Day {
        Monday,
        Tuesday,
        Wednesday,
        Thursday,
        Friday,
        Saturday,
        Sunday
    }

    /** A time that comes every week; no days are all days. */
    public record Window(
            @Size(max = 7) List<Day> days,

            @Required @Pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$") @Size(max = 5)
            String start,

            @Required @Pattern(ServerSpec.DURATION) @Size(max = 16)
            String duration,

            @Default("UTC") @Size(max = 64) String timeZone) {
        public Window {
            days = Absent.orEmpty(days);
            start = Absent.or(start, "00:00");
            duration = Absent.or(duration, "24h");
            timeZone = Absent.or(timeZone, "UTC");
        }
    }
}
