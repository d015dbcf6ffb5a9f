package dev.keelson.operator.observe;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store's own list of members. {@code quorate} says that a quorum confirmed the list just now; a list that is not quorate
 * may be old and is good for showing only.
 */
public record StoreObservation(boolean quorate, long clusterId, List<StoreMember> members, Agreement agreement) {
    public static final StoreObservation SILENT = new StoreObservation(false, 0, List.of(), Agreement.UNKNOWN);

    public StoreObservation {
        members = List.copyOf(members);
    }

    /**
     * What all members have agreed on: the version whose formats they write, the one they are ordered to go down to, if they
     * are, and whether callers must say who they are.
     */
    public record Agreement(
            @Nullable MinorVersion version, @Nullable MinorVersion downgradeTarget, boolean auth) {
        public static final Agreement UNKNOWN = new Agreement(null, null, false);

        /** Whether nobody writes any longer what members of the version to go down to could not read. */
        public boolean isDown() {
            return downgradeTarget != null && downgradeTarget.equals(version);
        }
    }

    public List<StoreMember> voters() {
        return members.stream().filter(member -> !member.learner()).toList();
    }

    public List<StoreMember> healthyVoters() {
        return voters().stream().filter(StoreMember::isHealthy).toList();
    }

    /** The voter that the member furthest ahead takes for the leader. */
    public @Nullable StoreMember leader() {
        return members.stream()
                .filter(StoreMember::isHealthy)
                .max(Comparator.comparingLong(StoreObservation::raftIndex))
                .flatMap(ahead -> members.stream()
                        .filter(member -> ahead.health() != null
                                && member.id() == ahead.health().leader())
                        .findFirst())
                .orElse(null);
    }

    /** How many entries a member is behind the one furthest ahead. */
    public long lag(StoreMember member) {
        long ahead =
                members.stream().mapToLong(StoreObservation::raftIndex).max().orElse(0);
        return member.health() == null
                ? ahead
                : Math.max(0, ahead - member.health().appliedIndex());
    }

    private static long raftIndex(StoreMember member) {
        return member.health() == null ? 0 : member.health().raftIndex();
    }
}
