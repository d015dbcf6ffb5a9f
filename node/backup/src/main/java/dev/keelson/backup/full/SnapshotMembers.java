package dev.keelson.backup.full;

import dev.keelson.backup.cluster.MemberStatus;
import dev.keelson.backup.cluster.MemberStatus.Role;
import dev.keelson.backup.cluster.SourceException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which member is to give a snapshot: a learner, whose load is nobody's; else the follower that is furthest; the leader
 * only when no other does. Who lags far behind is asked after those who do not.
 */
final class SnapshotMembers {

    /** Entries behind the furthest member at which a member counts as one that lags. */
    private static final long LAG_MAX = 10_000;

    private SnapshotMembers() {}

    /** @throws SourceException when they are not members of one cluster */
    static List<MemberStatus> inOrder(List<MemberStatus> members) {
        for (MemberStatus member : members) {
            MemberStatus first = members.getFirst();
            if (member.clusterId() != first.clusterId()) {
                throw new SourceException("endpoints " + first.endpoint() + " and " + member.endpoint()
                        + " are of different clusters, " + Long.toHexString(first.clusterId()) + " and "
                        + Long.toHexString(member.clusterId()) + "; give those of one");
            }
        }
        long furthest =
                members.stream().mapToLong(MemberStatus::appliedIndex).max().orElse(0);
        return members.stream()
                .sorted(Comparator.comparing((MemberStatus member) -> member.role() == Role.LEADER)
                        .thenComparing(member -> member.appliedIndex() < furthest - LAG_MAX)
                        .thenComparing(MemberStatus::role)
                        .thenComparing(MemberStatus::appliedIndex, Comparator.reverseOrder()))
                .toList();
    }

    static List<MemberStatus> startingWith(MemberStatus first, List<MemberStatus> members) {
        return Stream.concat(Stream.of(first), members.stream().filter(member -> member.memberId() != first.memberId()))
                .toList();
    }
}
