package dev.keelson.operator.plan;

import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.StoreMember;
import java.util.List;

/** Brings members in that are on their way: first without a vote, then with one. */
final class Arrivals {
    private Arrivals() {}

    static void plan(ClusterObservation seen, List<PlannedStep> steps) {
        Quorum quorum = new Quorum(seen);
        for (MemberObservation member : seen.staying()) {
            StoreMember inStore = seen.inStore(member);
            if (inStore == null && member.memberId() == null) {
                steps.add(new PlannedStep(
                        new Step.AddLearner(member.name()), "it catches up before it votes", quorum.admits()));
            } else if (inStore != null && inStore.learner() && member.memberId() != null) {
                steps.add(new PlannedStep(
                        new Step.PromoteLearner(member.name(), inStore.id()),
                        "it is to vote",
                        quorum.promotes(inStore)));
            }
        }
    }

    /** Whether a member is on its way in, or out of the store. */
    static boolean isBusy(ClusterObservation seen) {
        return seen.members().stream().anyMatch(member -> {
            StoreMember inStore = seen.inStore(member);
            return member.leaving() == null ? inStore == null || inStore.learner() : inStore != null;
        });
    }
}
