package dev.keelson.operator.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member in the store's own list, with what it says of itself, if it answered. */
public record StoreMember(
        long id,
        String name,
        String host,
        boolean learner,
        @Nullable Health health) {

    /** A member gives its name when it starts for the first time; before that it has no data that anybody counts on. */
    public boolean hasStarted() {
        return !name.isEmpty();
    }

    public boolean isHealthy() {
        return health != null
                && health.leader() != 0
                && health.errors().stream().noneMatch(Health::isFatal);
    }

    /** What a member answered to a question about its status. */
    public record Health(
            long leader,
            long raftIndex,
            long appliedIndex,
            long revision,
            String version,
            long databaseBytes,
            List<String> errors) {
        public Health {
            errors = List.copyOf(errors);
        }

        private static boolean isFatal(String error) {
            return error.contains("CORRUPT") || error.contains("no leader");
        }
    }
}
