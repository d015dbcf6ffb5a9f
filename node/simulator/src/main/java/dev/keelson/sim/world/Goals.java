package dev.keelson.sim.world;

import java.util.EnumMap;

/**
 * How often each situation was reached that a set of runs must reach to count.
 *
 * <p>Thread rule: one thread.
 */
public final class Goals {

    private final EnumMap<Goal, Long> counts = new EnumMap<>(Goal.class);

    /** A situation that is known to be hard. */
    public enum Goal {
        LEADER_DEPOSED_WITH_READS_PENDING,
        LEADER_PAUSED_PAST_ITS_TERM,
        LEADERSHIP_TRANSFERRED,
        ALL_MEMBERS_DOWN,
        MINORITY_CUT_OFF,
        ONE_WAY_LINK,
        OLD_MESSAGE_REPLAYED,
        SNAPSHOT_INSTALLED,
        SNAPSHOT_INSTALLED_DURING_PARTITION,
        SNAPSHOT_INTERRUPTED,
        CRASH_DURING_SNAPSHOT_INSTALL,
        UNSYNCED_ENTRIES_LOST,
        TORN_TAIL_REPAIRED,
        LOG_CUT,
        SYNC_FAILED,
        SYNC_LIED,
        DISK_FULL,
        DISK_STALLED,
        DAMAGE_FOUND,
        MEMBER_REPLACED,
        LEARNER_PROMOTED,
        MEMBER_REMOVED,
        CLOCK_JUMPED,
        COMPACTED,
        COMPACTED_READ_REFUSED,
        FUTURE_READ_REFUSED,
        COMPARE_FAILED,
        WRITE_WITHOUT_ANSWER_APPLIED,
        KEEP_ALIVE_FORWARDED,
        RENEWAL_REFUSED_BY_DEPOSED_LEADER,
        LEASE_REVOKED,
        LEASE_EXPIRED,
        LEASE_EXPIRED_AFTER_FAIL_OVER,
        EXPIRY_OF_DEPOSED_LEADER_IGNORED,
        LEASE_CHECKPOINT_INHERITED,
        WATCH_PROGRESS_TOLD,
        WATCH_COMPACTED,
        WATCH_TOLD_OF_THE_PAST,
        WATCH_CAUGHT_UP_AFTER_A_PAUSE,
        WATCH_BEGUN_IN_THE_FUTURE,
        WATCH_WENT_ON_AFTER_SNAPSHOT_INSTALL,
        AUTH_CHANGED,
        USER_ANSWERED,
        USER_REFUSED,
        ALARM_RAISED,
        MEMBER_UPDATED,
        REMOVED_MEMBER_ASKED_IN,
        MESSAGE_ASTRAY
    }

    public void reach(Goal goal) {
        counts.merge(goal, 1L, Long::sum);
    }

    public void addAll(Goals others) {
        others.counts.forEach((goal, count) -> counts.merge(goal, count, Long::sum));
    }

    public long of(Goal goal) {
        return counts.getOrDefault(goal, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
