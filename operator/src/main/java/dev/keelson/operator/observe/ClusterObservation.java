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
            int members,
            Duration replaceAfter,
            boolean deletesClaims,
            long claimBytes,
            Map<String, String> hash,
            Versions versions,
            Rollout rollout,
            boolean auth) {
        public Wish {
            hash = Map.copyOf(hash);
        }
    }

    /**
     * The version that is wanted, and the one that the data is for: the last that all members ran, or that the store has gone
     * down to.
     */
    public record Versions(String wanted, @Nullable String latched) {
        /** Whether the store must first stop writing what members of the wanted version cannot read. */
        public boolean isDowngrade() {
            return MinorVersion.isOlder(wanted, latched);
        }

        /** The version that Pods are made of. */
        public String inForce() {
            return isDowngrade() && latched != null ? latched : wanted;
        }
    }

    /** What keeps a change from being rolled out now, in words for people; nothing when it may be. */
    public record Rollout(@Nullable String waitsFor) {
        public static final Rollout NOW = new Rollout(null);
    }

    /** What is latched: the identity of the data, once it is known, and the first ordinal that was never used. */
    public record Identity(@Nullable Long clusterId, int nextOrdinal) {}
}
