package dev.keelson.operator.observe;

import dev.keelson.operator.api.KeelsonMember.Leaving;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One member's resources: its own record, its Pod, its claim on a volume. */
public record MemberObservation(
        String name,
        int ordinal,
        @Nullable Long memberId,
        @Nullable Leaving leaving,
        @Nullable Pod pod,
        @Nullable Claim claim,
        @Nullable Instant unreadySince) {

    /** Whether the kubelet finds the member ready now. */
    public boolean isReady() {
        return pod != null && pod.ready() && !pod.terminating();
    }

    /** The Pod, as far as decisions need it. */
    public record Pod(
            String uid,
            @Nullable String ip,
            boolean ended,
            boolean terminating,
            boolean ready,
            Trouble trouble,
            Map<String, String> hash,
            String role,
            String version) {
        public Pod {
            hash = Map.copyOf(hash);
        }

        /** The parts of a specification in which this Pod differs from the one that is wanted. */
        public TreeSet<String> outdated(Map<String, String> wanted) {
            TreeSet<String> parts = new TreeSet<>(wanted.keySet());
            parts.addAll(hash.keySet());
            parts.removeIf(part -> wanted.getOrDefault(part, "").equals(hash.getOrDefault(part, "")));
            return parts;
        }
    }

    /** The claim on a volume. */
    public record Claim(String uid, boolean lost, boolean terminating, long bytes) {}

    /** Why a Pod does not run, where that is known. */
    public enum Trouble {
        NONE,
        /** Its image cannot be had, or its configuration cannot be used: another member would fare no better. */
        IMAGE,
        /** It ends again and again. */
        CRASH,
        /** It was ended for the memory it took: another member would fare no better. */
        OUT_OF_MEMORY,
        /** No node takes it. */
        UNSCHEDULABLE,
        /** Its node does not answer, or is gone. */
        NODE_LOST;

        /** Whether a new member elsewhere may be healthy where this one is not. */
        public boolean isOfThePlace() {
            return this == CRASH || this == UNSCHEDULABLE || this == NODE_LOST;
        }
    }
}
