package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of the server, in etcd's words; changing them restarts members one by one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerSpec(
        @Size(max = 24) @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)?$") @Nullable
        String quotaBytes,

        @Nullable AutoCompaction autoCompaction,
        @Default("100ms") @Pattern(DURATION) @Size(max = 16) String heartbeatInterval,
        @Default("1s") @Pattern(DURATION) @Size(max = 16) String electionTimeout,
        @Size(max = 64) Map<String, String> extraOptions) {

    /** Milliseconds, seconds, minutes or hours. */
    static final String DURATION = "^[1-9][0-9]*(ms|s|m|h)$";

    static final ServerSpec DEFAULTS = new ServerSpec(null, null, "100ms", "1s", Map.of());

    public ServerSpec {
        heartbeatInterval = Absent.or(heartbeatInterval, "100ms");
        electionTimeout = Absent.or(electionTimeout, "1s");
        extraOptions = Absent.orEmpty(extraOptions);
    }

    /** How much history members keep by themselves. */
    public record AutoCompaction(
            @Default("Periodic") Mode mode,
            @Size(max = 16) @Default("1h") String retention) {
        public AutoCompaction {
            mode = Absent.or(mode, Mode.Periodic);
            retention = Absent.or(retention, "1h");
        }
    }

    /** Whether retention is a time or a number of revisions. */
    public enum Mode {
        Periodic,
        Revision
    }
}
