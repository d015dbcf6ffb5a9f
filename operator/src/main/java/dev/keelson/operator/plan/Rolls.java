package dev.keelson.operator.plan;

import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MemberObservation.Pod;
import dev.keelson.operator.observe.MemberObservation.Trouble;
import dev.keelson.operator.observe.StoreMember;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rolls a changed specification out: members that are down anyway first, then learners and followers by ordinal, the leader
 * last and after it has handed over. One at a time, and only while all others are healthy, so a bad change stops at the first
 * member it breaks; since that member is down, the repaired specification reaches it at once.
 */
final class Rolls {
    private Rolls() {}

    /** Members whose Pods were made from another specification. */
    static List<MemberObservation> outdated(ClusterObservation seen) {
        return seen.staying().stream()
                .filter(member -> member.pod() != null
                        && !member.pod().terminating()
                        && !member.pod().outdated(seen.wish().hash()).isEmpty())
                .toList();
    }

    static void plan(ClusterObservation seen, List<PlannedStep> steps) {
        StoreMember leader = seen.store().leader();
        List<MemberObservation> order = outdated(seen).stream()
                .sorted(Comparator.comparing((MemberObservation member) -> !isDown(seen, member))
                        .thenComparing(member -> leads(seen, member, leader))
                        .thenComparing(MemberObservation::ordinal))
                .toList();
        String before = null;
        for (MemberObservation member : order) {
            Pod pod = member.pod();
            if (pod == null) {
                continue;
            }
            String reason = String.join(", ", pod.outdated(seen.wish().hash())) + " changed";
            StoreMember inStore = seen.inStore(member);
            String gate = isDown(seen, member)
                    ? null
                    : before != null
                            ? before
                            : Quorum.firstOf(
                                    gate(seen, inStore),
                                    VersionChanges.lowering(seen, member),
                                    seen.wish().rollout().waitsFor());
            if (inStore != null
                    && leads(seen, member, leader)
                    && seen.store().voters().size() > 1) {
                Departures.moveLeader(seen, inStore, "it restarts: " + reason, gate, steps);
            } else {
                steps.add(new PlannedStep(new Step.RestartPod(member.name(), pod.uid()), reason, gate));
            }
            before = member.name() + " to have restarted";
        }
    }

    private static @Nullable String gate(ClusterObservation seen, @Nullable StoreMember inStore) {
        Quorum quorum = new Quorum(seen);
        if (inStore == null) {
            return "its place in the store";
        }
        String kept = seen.staying().stream()
                .filter(other -> !other.isReady() && other != memberOf(seen, inStore))
                .map(MemberObservation::name)
                .findFirst()
                .map(name -> name + " to be ready")
                .orElse(null);
        return Quorum.firstOf(inStore.learner() ? quorum.confirms() : quorum.sparesForAWhile(inStore.id()), kept);
    }

    private static @Nullable MemberObservation memberOf(ClusterObservation seen, StoreMember inStore) {
        return seen.members().stream()
                .filter(member -> member.name().equals(inStore.host()))
                .findFirst()
                .orElse(null);
    }

    private static boolean leads(ClusterObservation seen, MemberObservation member, @Nullable StoreMember leader) {
        StoreMember inStore = seen.inStore(member);
        return leader != null && inStore != null && leader.id() == inStore.id();
    }

    /**
     * Down in everybody's eyes: its own kubelet says why it does not run. That the operator cannot reach it is not enough, since
     * its peers may.
     */
    private static boolean isDown(ClusterObservation seen, MemberObservation member) {
        StoreMember inStore = seen.inStore(member);
        boolean answers = inStore != null && inStore.isHealthy();
        return !answers
                && member.pod() != null
                && !member.pod().ready()
                && member.pod().trouble() != Trouble.NONE
                && member.pod().trouble() != Trouble.NODE_LOST;
    }
}
