package dev.keelson.operator.plan;

import dev.keelson.operator.api.KeelsonMember.Leaving;
import dev.keelson.operator.api.KeelsonMember.Start;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.StoreMember;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings the number of members to what is wanted, one at a time; the number comes from the specification alone. */
final class Scaling {
    private Scaling() {}

    static void plan(ClusterObservation seen, List<PlannedStep> steps) {
        int staying = seen.staying().size();
        int wanted = seen.wish().members();
        if (staying < wanted) {
            int ordinal = seen.identity().nextOrdinal();
            steps.add(new PlannedStep(
                    new Step.CreateMember(Planner.memberName(seen, ordinal), ordinal, Start.Existing),
                    staying + " members of " + wanted,
                    Quorum.firstOf(busy(seen), rolling(seen), new Quorum(seen).admits())));
        } else if (staying > wanted) {
            shrink(seen, staying + " members of " + wanted, steps);
        }
    }

    /** One that does not vote yet goes before any that does, one that is ill before any that serves, and then the newest. */
    private static void shrink(ClusterObservation seen, String reason, List<PlannedStep> steps) {
        MemberObservation newest = seen.staying().stream()
                .max(Comparator.comparing((MemberObservation member) -> !votes(seen, member))
                        .thenComparing(member -> !isHealthy(seen, member))
                        .thenComparing(MemberObservation::ordinal))
                .orElseThrow();
        StoreMember inStore = seen.inStore(newest);
        String gate = new Quorum(seen).confirms();
        if (gate == null && inStore != null && votes(seen, newest)) {
            Quorum quorum = new Quorum(seen);
            gate = Quorum.firstOf(
                    busy(seen),
                    inStore.isHealthy() ? quorum.sparesForGood(inStore.id()) : quorum.sparesTheDead(inStore.id()));
        }
        Upkeep.leave(newest, Leaving.ScaleIn, reason, gate, steps);
    }

    private static boolean votes(ClusterObservation seen, MemberObservation member) {
        StoreMember inStore = seen.inStore(member);
        return inStore != null && !inStore.learner();
    }

    private static boolean isHealthy(ClusterObservation seen, MemberObservation member) {
        StoreMember inStore = seen.inStore(member);
        return inStore != null && inStore.isHealthy();
    }

    private static @Nullable String busy(ClusterObservation seen) {
        return Arrivals.isBusy(seen) ? "a member that is joining or leaving" : null;
    }

    /** A change that has to wait for its time keeps nobody from growing meanwhile. */
    private static @Nullable String rolling(ClusterObservation seen) {
        boolean rolls = !Rolls.outdated(seen).isEmpty() && seen.wish().rollout().waitsFor() == null;
        return rolls ? "the change that is rolled out" : null;
    }
}
