package dev.keelson.operator.plan;

import dev.keelson.operator.api.KeelsonMember.Leaving;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MemberObservation.Claim;
import dev.keelson.operator.observe.MemberObservation.Pod;
import dev.keelson.operator.observe.StoreMember;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes members out that are to leave: leadership first, then the place in the store, then Pod, volume and record. */
final class Departures {
    private Departures() {}

    static void plan(ClusterObservation seen, List<PlannedStep> steps) {
        for (MemberObservation member : seen.members()) {
            Leaving leaving = member.leaving();
            if (leaving != null) {
                StoreMember inStore = seen.inStore(member);
                if (!seen.store().quorate()) {
                    long id = Objects.requireNonNullElse(member.memberId(), 0L);
                    steps.add(new PlannedStep(
                            new Step.RemoveMember(member.name(), id), leaving.name(), new Quorum(seen).confirms()));
                } else if (inStore == null) {
                    clearAway(seen, member, leaving, steps);
                } else if (leaving == Leaving.ScaleIn
                        && seen.staying().size() < seen.wish().members()) {
                    steps.add(new PlannedStep(new Step.MarkLeaving(member.name(), null), "it is wanted again", null));
                } else {
                    takeOut(seen, member, inStore, leaving, steps);
                }
            }
        }
    }

    private static void takeOut(
            ClusterObservation seen,
            MemberObservation member,
            StoreMember inStore,
            Leaving leaving,
            List<PlannedStep> steps) {
        Quorum quorum = new Quorum(seen);
        String gate;
        if (inStore.learner()) {
            gate = quorum.confirms();
        } else if (inStore.isHealthy()) {
            gate = quorum.sparesForGood(inStore.id());
        } else {
            gate = quorum.sparesTheDead(inStore.id());
        }
        StoreMember leader = seen.store().leader();
        if (leader != null && leader.id() == inStore.id()) {
            moveLeader(seen, inStore, "it is to leave: " + leaving, gate, steps);
        } else {
            steps.add(new PlannedStep(new Step.RemoveMember(member.name(), inStore.id()), leaving.name(), gate));
        }
    }

    /** Leadership goes to the voter that lags least and stays longest. */
    static void moveLeader(
            ClusterObservation seen,
            StoreMember leader,
            String reason,
            @Nullable String gate,
            List<PlannedStep> steps) {
        seen.store().healthyVoters().stream()
                .filter(voter -> voter.id() != leader.id())
                .filter(voter -> seen.staying().stream().anyMatch(m -> m.name().equals(voter.host())))
                .min(Comparator.comparingLong(
                                (StoreMember voter) -> seen.store().lag(voter) / Quorum.LAG_ENTRIES_MAX)
                        .thenComparing(StoreMember::host))
                .ifPresentOrElse(
                        target -> steps.add(new PlannedStep(
                                new Step.MoveLeader(leader.host(), leader.id(), target.host(), target.id()),
                                reason,
                                gate)),
                        () -> steps.add(new PlannedStep(
                                new Step.MoveLeader(leader.host(), leader.id(), leader.host(), leader.id()),
                                reason,
                                "a healthy voter to lead instead")));
    }

    /** The member is out of the store, which fences it: what is left of it is cleared away as it can be reached. */
    private static void clearAway(
            ClusterObservation seen, MemberObservation member, Leaving leaving, List<PlannedStep> steps) {
        Pod pod = member.pod();
        Claim claim = member.claim();
        if (pod != null) {
            steps.add(new PlannedStep(
                    new Step.ClearPod(member.name(), pod.uid()),
                    "out of the store",
                    pod.terminating() ? "its Pod to end" : null));
            return;
        }
        if (claim != null && !claim.terminating() && seen.wish().deletesClaims()) {
            boolean replaced = leaving == Leaving.ScaleIn
                    || seen.store().healthyVoters().size() >= seen.wish().members();
            steps.add(new PlannedStep(
                    new Step.DeleteClaim(member.name(), claim.uid()),
                    "storage.onScaleIn",
                    replaced ? null : "a new member to have its data"));
            return;
        }
        steps.add(new PlannedStep(new Step.ForgetMember(member.name()), "nothing is left of it", null));
    }
}
