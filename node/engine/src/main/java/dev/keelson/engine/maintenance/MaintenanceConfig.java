package dev.keelson.engine.maintenance;

/**
 * How a node looks after itself and its cluster.
 *
 * @param quotaBytes what the store may occupy before writes are refused; negative for no bound
 * @param compaction how history is compacted without being asked
 * @param checks when members compare their histories
 * @param downgradeCheckMillis how often the leader looks whether a downgrade has come to its end; 0 for never
 */
public record MaintenanceConfig(
        long quotaBytes, AutoCompactionConfig compaction, CheckConfig checks, long downgradeCheckMillis) {

    /** What a store may occupy where nobody says otherwise (as etcd). */
    public static final long QUOTA_BYTES = 2L << 30;

    /** The values of etcd's flags when none is given. */
    public static final MaintenanceConfig DEFAULT =
            new MaintenanceConfig(QUOTA_BYTES, AutoCompactionConfig.OFF, CheckConfig.OFF, 5_000);

    /**
     * @param byTime whether history is kept for a time, instead of a number of revisions
     * @param retention milliseconds or revisions; 0 for all history
     */
    public record AutoCompactionConfig(boolean byTime, long retention) {

        /** History is kept until somebody compacts it. */
        public static final AutoCompactionConfig OFF = new AutoCompactionConfig(true, 0);
    }

    /**
     * @param periodMillis between two comparisons of the newest state; 0 for none
     * @param compactionPeriodMillis between two looks for a compaction whose outcome was not compared; 0 for none
     * @param atStart whether a member that has data compares them before it takes part
     */
    public record CheckConfig(long periodMillis, long compactionPeriodMillis, boolean atStart) {

        /** Nothing is compared. */
        public static final CheckConfig OFF = new CheckConfig(0, 0, false);
    }
}
