package dev.keelson.server.config;

import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.engine.maintenance.MaintenanceConfig.AutoCompactionConfig;
import dev.keelson.engine.maintenance.MaintenanceConfig.CheckConfig;
import java.util.List;

/** The flags about space, compaction and comparisons of data. */
final class MaintenanceFlags {

    /** Above it etcd warns, since it gets slow; here it only costs disk, but backups and new members take longer. */
    private static final long QUOTA_BYTES_SUGGESTED_MAX = 8L << 30;

    private static final long HOUR_MILLIS = 60 * 60 * 1_000;
    private static final long MILLI_NANOS = 1_000_000;
    private static final String RETENTION = "auto-compaction-retention";

    private final FlagValues flags;
    private final FeatureGate.Gates gates;
    private final List<String> warnings;

    /** @param warnings takes what is worth knowing about them */
    MaintenanceFlags(FlagValues flags, FeatureGate.Gates gates, List<String> warnings) {
        this.flags = flags;
        this.gates = gates;
        this.warnings = warnings;
    }

    MaintenanceConfig toConfig() {
        return new MaintenanceConfig(quota(), compaction(), checks(), flags.millis("downgrade-check-time"));
    }

    private long quota() {
        long quota = flags.number("quota-backend-bytes");
        if (quota > QUOTA_BYTES_SUGGESTED_MAX) {
            warnings.add("--quota-backend-bytes=" + quota + " exceeds the suggested maximum of "
                    + QUOTA_BYTES_SUGGESTED_MAX + "; etcd, if the data ever go back to it, gets slow beyond that");
        }
        return quota == 0 ? MaintenanceConfig.QUOTA_BYTES : quota;
    }

    private AutoCompactionConfig compaction() {
        String mode = flags.text("auto-compaction-mode");
        boolean byTime = switch (mode) {
            case "periodic" -> true;
            case "revision" -> false;
            default ->
                throw new FlagException("unknown auto-compaction-mode \"" + mode + "\"; give periodic or revision");
        };
        String retention = flags.text(RETENTION);
        if (retention.isEmpty()) {
            return AutoCompactionConfig.OFF;
        }
        if (retention.matches("\\+?\\d{1,15}")) {
            long count = Long.parseLong(retention);
            return new AutoCompactionConfig(byTime, byTime ? Math.multiplyExact(count, HOUR_MILLIS) : count);
        }
        long millis = Durations.millis(retention, "--" + RETENTION);
        // A number of revisions written as a duration counts in nanoseconds, as with etcd.
        return new AutoCompactionConfig(byTime, byTime ? millis : Math.multiplyExact(millis, MILLI_NANOS));
    }

    private CheckConfig checks() {
        return new CheckConfig(
                flags.millis("corrupt-check-time"),
                gates.isOn(FeatureGate.COMPACT_HASH_CHECK) ? flags.millis("compact-hash-check-time") : 0,
                gates.isOn(FeatureGate.INITIAL_CORRUPT_CHECK));
    }
}
