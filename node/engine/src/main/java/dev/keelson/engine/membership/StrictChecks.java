package dev.keelson.engine.membership;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Transport;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Refuses changes of the membership that could leave the cluster without a quorum: those after which too few of the
 * voters would have started, and those asked of a member that has not been connected to enough of the others for a while.
 *
 * <p>A rule of the one who is asked, so that clients do not shoot themselves in the foot; the log accepts what it refuses.
 *
 * @param self this member
 * @param connectedMillis for how long the way to a member has been open, {@link Transport#NOT_CONNECTED} when it is not
 */
record StrictChecks(long self, LongUnaryOperator connectedMillis) {

    /** @throws StoreException when {@code added} must not join {@code members} now */
    void beforeAdding(Member added, List<Member> members) {
        List<Member> voters = voters(members);
        long started = started(voters);
        // Whoever restores a cluster begins with one member and must be able to add the second.
        boolean second = started == 1 && voters.size() == 1;
        if (!added.learner() && !second && started < quorum(voters.size() + 1)) {
            throw new StoreException(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        }
        if (voters.size() > 1 && healthy(voters) < quorum(voters.size() + 1)) {
            throw new StoreException(StoreError.UNHEALTHY);
        }
    }

    /** @throws StoreException when the member {@code id} must not go now */
    void beforeRemoving(long id, List<Member> members) {
        if (members.stream().anyMatch(member -> member.id() == id && member.learner())) {
            return;
        }
        List<Member> voters = voters(members);
        List<Member> rest = voters.stream().filter(member -> member.id() != id).toList();
        if (started(rest) < quorum(rest.size())) {
            throw new StoreException(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        }
        if (id != self && connectedMillis.applyAsLong(id) == Transport.NOT_CONNECTED) {
            // It is down, so nobody counts on it.
            return;
        }
        if (healthy(voters) - 1 < quorum(voters.size() - 1)) {
            throw new StoreException(StoreError.UNHEALTHY);
        }
    }

    /** @throws StoreException when no learner must get a vote now */
    static void beforePromoting(List<Member> members) {
        List<Member> voters = voters(members);
        if (started(voters) + 1 < quorum(voters.size() + 1)) {
            throw new StoreException(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        }
    }

    private long healthy(List<Member> voters) {
        return voters.stream()
                .filter(member -> member.id() == self
                        || connectedMillis.applyAsLong(member.id()) > NodeLimits.HEALTHY_AFTER_MILLIS)
                .count();
    }

    private static List<Member> voters(List<Member> members) {
        return members.stream().filter(member -> !member.learner()).toList();
    }

    private static long started(List<Member> members) {
        return members.stream().filter(Member::started).count();
    }

    private static int quorum(int voters) {
        return voters / 2 + 1;
    }
}
