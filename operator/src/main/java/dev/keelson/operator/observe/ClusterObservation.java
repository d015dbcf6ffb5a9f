package dev.keelson.operator.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that a decision about a cluster may rest on, seen at one moment: what is wanted, what is there, what the store says. */
public record ClusterObservation(
        String cluster,
        Wish wish,
        Identity identity,
        List<MemberObservation> members,
        StoreObservation store,
        Instant now) {

    public ClusterObservation {
        members = List.copyOf(members);
    }

    /** The members that nobody has decided to remove. */
    public List<MemberObservation> staying() {
        return members.stream().filter(member -> member.leaving() == null).toList();
    }

    /** What the store says of a member: found by its id, or before that is known by the name in its peer address. */
    public @Nullable StoreMember inStore(MemberObservation member) {
        for (StoreMember candidate : store.members()) {
            Long id = member.memberId();
            if (id == null ? candidate.host().equals(member.name()) : candidate.id() == id) {
                return candidate;
            }
        }
        return null;
    }

    /** The part of an accepted specification that decisions are made of. */
    public record Wish(
            int members, Duration replaceAfter, boolean deletesClaims, long claimBytes, Map<String, String> hash) {
        public Wish {
            hash = Map.copyOf(hash);
        }
    }

    /** What is latched: the identity of the data, once it is known, and the first ordinal that was never used. */
    public record Identity(@Nullable Long clusterId, int nextOrdinal) {}
}
