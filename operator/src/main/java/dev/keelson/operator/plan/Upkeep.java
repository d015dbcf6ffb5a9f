package dev.keelson.operator.plan;

import dev.keelson.operator.api.KeelsonMember.Leaving;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MemberObservation.Claim;
import dev.keelson.operator.observe.MemberObservation.Pod;
import dev.keelson.operator.observe.StoreMember;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps members that belong to the cluster running, and gives up those that cannot come back. */
final class Upkeep {
    private Upkeep() {}

    static void plan(ClusterObservation seen, long clusterId, List<PlannedStep> steps) {
        seen.members().stream()
                .filter(member -> stillVotes(seen, member))
                .forEach(member -> keepRunning(seen, member, false, steps));
        for (MemberObservation member : seen.staying()) {
            StoreMember inStore = seen.inStore(member);
            if (member.memberId() == null) {
                if (seen.store().quorate() && inStore != null) {
                    steps.add(new PlannedStep(
                            new Step.RecordMember(member.name(), clusterId, inStore.id()), "the store knows it", null));
                }
            } else if (seen.store().quorate() && inStore == null) {
                leave(member, Leaving.RemovedFromStore, "somebody removed it from the store", null, steps);
            } else {
                boolean fresh = seen.store().quorate() && inStore != null && !inStore.hasStarted();
                if (!giveUp(seen, member, inStore, steps)) {
                    keepRunning(seen, member, fresh, steps);
                }
            }
        }
    }

    /**
     * One that is to leave votes until it is out of the store: without its Pod the others may be no quorum, and then could never
     * let it go.
     */
    private static boolean stillVotes(ClusterObservation seen, MemberObservation member) {
        return member.leaving() == Leaving.ScaleIn
                && member.memberId() != null
                && (!seen.store().quorate() || seen.inStore(member) != null);
    }

    /**
     * A claim, and on it a Pod. Only a member that has never started may get an empty volume: one that voted and has forgotten
     * it could vote twice.
     */
    static void keepRunning(
            ClusterObservation seen, MemberObservation member, boolean mayStartEmpty, List<PlannedStep> steps) {
        Claim claim = member.claim();
        Pod pod = member.pod();
        if (claim == null) {
            if (mayStartEmpty) {
                steps.add(new PlannedStep(new Step.CreateClaim(member.name()), "it has no volume yet", null));
            }
        } else if (claim.bytes() < seen.wish().claimBytes() && !claim.terminating()) {
            steps.add(new PlannedStep(new Step.GrowClaim(member.name()), "storage.size has grown", null));
        }
        if (pod == null) {
            String volume = claim == null ? "its volume" : claim.terminating() ? "its volume to be gone" : null;
            String gate = Quorum.firstOf(volume, VersionChanges.older(seen));
            steps.add(new PlannedStep(new Step.CreatePod(member.name()), "it has no Pod", gate));
        } else if (pod.ended() && !pod.terminating()) {
            steps.add(new PlannedStep(new Step.ClearPod(member.name(), pod.uid()), "its Pod has ended", null));
        } else {
            label(seen, member, pod, steps);
        }
    }

    private static void label(ClusterObservation seen, MemberObservation member, Pod pod, List<PlannedStep> steps) {
        StoreMember inStore = seen.inStore(member);
        if (seen.store().quorate() && inStore != null && !pod.role().equals(role(inStore))) {
            steps.add(
                    new PlannedStep(new Step.LabelPod(member.name(), role(inStore)), "what it is in the store", null));
        }
    }

    static String role(StoreMember member) {
        return member.learner() ? "learner" : "voter";
    }

    /** Whether the member cannot come back; if so, its removal is planned, as soon as the others can decide it. */
    private static boolean giveUp(
            ClusterObservation seen, MemberObservation member, @Nullable StoreMember inStore, List<PlannedStep> steps) {
        if (inStore == null || inStore.isHealthy()) {
            return false;
        }
        String gate = inStore.learner() ? new Quorum(seen).confirms() : new Quorum(seen).sparesTheDead(inStore.id());
        Claim claim = member.claim();
        if (claim == null ? inStore.hasStarted() : claim.lost()) {
            leave(member, Leaving.DataLost, "its volume is lost", gate, steps);
            return true;
        }
        if (inStore.hasStarted() && isUnreachable(seen, member)) {
            leave(member, Leaving.Unreachable, "it has been away for too long", gate, steps);
            return false;
        }
        return false;
    }

    /**
     * Away for longer than the user bears, for a reason that lies in its place and not in the specification. One that has never
     * started is not asked about: where there is no place for it there is none for its successor.
     */
    private static boolean isUnreachable(ClusterObservation seen, MemberObservation member) {
        Instant since = member.unreadySince();
        if (since == null || since.plus(seen.wish().replaceAfter()).isAfter(seen.now())) {
            return false;
        }
        Pod pod = member.pod();
        if (pod == null) {
            return false;
        }
        if (pod.terminating()) {
            return true;
        }
        return pod.trouble().isOfThePlace() && othersRunWith(seen, member, pod);
    }

    private static boolean othersRunWith(ClusterObservation seen, MemberObservation member, Pod pod) {
        return seen.members().stream()
                .anyMatch(other -> other != member
                        && other.isReady()
                        && other.pod() != null
                        && other.pod().outdated(pod.hash()).isEmpty());
    }

    static void leave(
            MemberObservation member, Leaving intent, String reason, @Nullable String gate, List<PlannedStep> steps) {
        steps.add(new PlannedStep(new Step.MarkLeaving(member.name(), intent), reason, gate));
    }
}
