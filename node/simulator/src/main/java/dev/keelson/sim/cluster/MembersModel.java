package dev.keelson.sim.cluster;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.engine.membership.Membership;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The members that the decided changes make up, worked out once more in the plainest way, and remembered for every index
 * at which they changed: a member is a learner exactly until it is promoted, is reached where it was last said to be, and
 * never comes back.
 *
 * <p>Thread rule: one thread.
 */
final class MembersModel {

    private final Map<Long, Known> members = new TreeMap<>();
    private final Set<Long> removed = new TreeSet<>();
    private final Deque<Long> decided = new ArrayDeque<>();
    private final TreeMap<Long, String> texts = new TreeMap<>();

    private record Known(List<String> peerUrls, boolean learner) {}

    MembersModel() {
        texts.put(0L, text(members, removed));
    }

    /** The entry at {@code index} was decided; null for one that changes no member. */
    void decide(long index, @Nullable MemberChange change) {
        if (change != null
                && isFirst(change.requestId())
                && !removed.contains(change.member().id())) {
            take(change);
            texts.put(index, text(members, removed));
        }
    }

    private boolean isFirst(long requestId) {
        if (requestId == MemberChange.NOBODYS) {
            return true;
        }
        if (decided.contains(requestId)) {
            return false;
        }
        decided.addLast(requestId);
        if (decided.size() > NodeLimits.MEMBER_CHANGES_REMEMBERED) {
            decided.removeFirst();
        }
        return true;
    }

    private void take(MemberChange change) {
        Member named = change.member();
        Known known = members.get(named.id());
        switch (change.kind()) {
            case ADD -> {
                boolean full = named.learner() && count(true) >= change.learnersMax();
                if (known == null && !full && isFree(named)) {
                    members.put(named.id(), new Known(named.peerUrls(), named.learner()));
                }
            }
            case PROMOTE -> {
                if (known != null && known.learner()) {
                    members.put(named.id(), new Known(known.peerUrls(), false));
                }
            }
            case UPDATE -> {
                if (known != null && isFree(named)) {
                    members.put(named.id(), new Known(named.peerUrls(), known.learner()));
                }
            }
            case REMOVE -> {
                if (known != null && (known.learner() || count(false) > 1)) {
                    members.remove(named.id());
                    removed.add(named.id());
                }
            }
        }
    }

    private boolean isFree(Member named) {
        return members.entrySet().stream()
                .filter(other -> other.getKey() != named.id())
                .noneMatch(other -> other.getValue().peerUrls().stream().anyMatch(named.peerUrls()::contains));
    }

    private long count(boolean learners) {
        return members.values().stream()
                .filter(known -> known.learner() == learners)
                .count();
    }

    /** Throws when a member that has applied the log through {@code index}, which is decided, has stored others. */
    void require(long id, long index, Membership stored) {
        var found = new TreeMap<Long, Known>();
        stored.all().forEach(member -> found.put(member.id(), new Known(member.peerUrls(), member.learner())));
        String text = text(found, new TreeSet<>(stored.removed()));
        String expected = texts.floorEntry(index).getValue();
        if (!text.equals(expected)) {
            throw new AssertionError(
                    "member " + id + " knows members " + text + " at index " + index + " instead of " + expected);
        }
    }

    private static String text(Map<Long, Known> members, Set<Long> removed) {
        return members + ", removed " + removed;
    }
}
