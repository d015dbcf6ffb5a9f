package dev.keelson.operator.observe;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store's own list of members. {@code quorate} says that a quorum confirmed the list just now; a list that is not quorate
 * may be old and is good for showing only.
 */
public record StoreObservation(boolean quorate, long clusterId, List<StoreMember> members) {
    public static final StoreObservation SILENT = new StoreObservation(false, 0, List.of());

    public StoreObservation {
        members = List.copyOf(members);
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
