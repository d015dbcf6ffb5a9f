package dev.keelson.operator.plan;

import dev.keelson.operator.observe.ClusterObservation;
import java.util.List;

/** Has callers say who they are, or not, as is wanted. */
final class Access {
    private Access() {}

    static void plan(ClusterObservation seen, List<PlannedStep> steps) {
        boolean wanted = seen.wish().auth();
        if (wanted == seen.store().agreement().auth()) {
            return;
        }
        Step step = wanted ? new Step.EnableAuth(seen.cluster()) : new Step.DisableAuth(seen.cluster());
        steps.add(new PlannedStep(step, "auth.enabled is " + wanted, new Quorum(seen).confirms()));
    }
}
