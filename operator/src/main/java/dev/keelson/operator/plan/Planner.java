package dev.keelson.operator.plan;

import dev.keelson.operator.api.KeelsonMember.Start;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.StoreMember;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do next about a cluster: a pure function of one observation.
 *
 * <p>Steps come in the order of precedence: keep what is there running, replace what is dead, finish what was started, roll
 * changes out, scale. A later one that would disturb an earlier one waits for it by name, so that nothing blocks unseen.
 * Nothing here is decided by what is absent: a cluster is new only as long as no identity was latched.
 */
public final class Planner {
    private Planner() {}

    public static Plan plan(ClusterObservation seen) {
        List<PlannedStep> steps = new ArrayList<>();
        Long clusterId = seen.identity().clusterId();
        if (clusterId == null) {
            found(seen, steps);
        } else if (isStranger(seen, clusterId)) {
            return Plan.EMPTY;
        } else {
            adopt(seen, steps);
            Upkeep.plan(seen, clusterId, steps);
            Departures.plan(seen, steps);
            Arrivals.plan(seen, steps);
            VersionChanges.plan(seen, steps);
            Access.plan(seen, steps);
            Rolls.plan(seen, steps);
            Scaling.plan(seen, steps);
        }
        return new Plan(steps);
    }

    /** Data of another cluster answers under our names: nothing that is done now could be right. */
    private static boolean isStranger(ClusterObservation seen, long clusterId) {
        return seen.store().quorate() && seen.store().clusterId() != clusterId;
    }

    /** Before the identity is latched there is one member, the seed, and it alone makes the cluster. */
    private static void found(ClusterObservation seen, List<PlannedStep> steps) {
        if (seen.members().isEmpty()) {
            int ordinal = seen.identity().nextOrdinal();
            String name = memberName(seen, ordinal);
            steps.add(new PlannedStep(new Step.CreateMember(name, ordinal, Start.New), "first member", null));
            return;
        }
        MemberObservation seed = seen.members().getFirst();
        Upkeep.keepRunning(seen, seed, true, steps);
        List<StoreMember> inStore = seen.store().members();
        String gate = founded(seen, seed) ? null : seed.name() + " to answer as the only member";
        long memberId = inStore.isEmpty() ? 0 : inStore.getFirst().id();
        steps.add(new PlannedStep(
                new Step.LatchIdentity(seed.name(), seen.store().clusterId(), memberId),
                "no second member before it",
                gate));
    }

    private static boolean founded(ClusterObservation seen, MemberObservation seed) {
        return seen.store().quorate()
                && seen.store().clusterId() != 0
                && seen.store().members().size() == 1
                && seen.store().members().getFirst().host().equals(seed.name());
    }

    /** A member of the store whose record is gone, which somebody deleted: it is kept, under its own ordinal. */
    private static void adopt(ClusterObservation seen, List<PlannedStep> steps) {
        if (!seen.store().quorate()) {
            return;
        }
        for (StoreMember member : seen.store().members()) {
            Integer ordinal = ordinal(seen.cluster(), member.host());
            if (ordinal != null && seen.members().stream().noneMatch(m -> m.ordinal() == ordinal)) {
                steps.add(new PlannedStep(
                        new Step.CreateMember(member.host(), ordinal, Start.Existing),
                        "the store has it, and no record does",
                        null));
            }
        }
    }

    static String memberName(ClusterObservation seen, int ordinal) {
        return seen.cluster() + "-" + ordinal;
    }

    private static @Nullable Integer ordinal(String cluster, String host) {
        String prefix = cluster + "-";
        if (!host.startsWith(prefix) || !host.substring(prefix.length()).matches("[0-9]{1,9}")) {
            return null;
        }
        return Integer.valueOf(host.substring(prefix.length()));
    }
}
