package dev.keelson.operator.plan;

import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.ClusterObservation.Versions;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreObservation.Agreement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the data for members of an older version. The store goes down first: it is ordered to, all members agree on the
 * older formats, and only then the version is written down by which Pods are made. Until then Pods that are lost come back as
 * they were. A wish that is taken back cancels the order, as soon as no member is newer than it.
 */
final class VersionChanges {
    private VersionChanges() {}

    static void plan(ClusterObservation seen, List<PlannedStep> steps) {
        Versions versions = seen.wish().versions();
        Agreement agreement = seen.store().agreement();
        if (versions.isDowngrade()) {
            String reason = versions.latched() + " goes down to " + versions.wanted();
            String rolling = Rolls.outdated(seen).isEmpty() ? null : "the change that is rolled out";
            if (agreement.downgradeTarget() == null) {
                enable(seen, reason, rolling, steps);
            }
            String gate = Quorum.firstOf(new Quorum(seen).confirms(), agreed(agreement), rolling);
            steps.add(new PlannedStep(new Step.LatchVersion(seen.cluster(), versions.wanted()), reason, gate));
        } else if (!isReadable(seen)) {
            if (agreement.downgradeTarget() == null) {
                enable(seen, "members go back to " + versions.wanted(), null, steps);
            }
        } else if (agreement.downgradeTarget() != null && newer(seen).isEmpty()) {
            steps.add(new PlannedStep(
                    new Step.CancelDowngrade(seen.cluster()),
                    "no member is to go down any longer",
                    new Quorum(seen).confirms()));
        }
    }

    private static void enable(
            ClusterObservation seen, String reason, @Nullable String rolling, List<PlannedStep> steps) {
        MinorVersion version = seen.store().agreement().version();
        String gate = Quorum.firstOf(
                new Quorum(seen).allSound(),
                version == null ? "the members to agree on a version" : null,
                rolling,
                seen.wish().rollout().waitsFor());
        String target = version == null ? "" : version.oneDown().toString();
        steps.add(new PlannedStep(new Step.EnableDowngrade(seen.cluster(), target), reason, gate));
    }

    /** What a restart from an older version than the member runs waits for. */
    static @Nullable String lowering(ClusterObservation seen, MemberObservation member) {
        return newer(seen).contains(member) ? older(seen) : null;
    }

    /** What a member of the version in force waits for, if the data may be for a newer one. */
    static @Nullable String older(ClusterObservation seen) {
        return isReadable(seen)
                ? null
                : "the store to write what " + seen.wish().versions().inForce() + " can read";
    }

    private static @Nullable String agreed(Agreement agreement) {
        if (agreement.isDown()) {
            return null;
        }
        return agreement.downgradeTarget() == null
                ? "the store to be told"
                : "all members to agree on " + agreement.downgradeTarget() + " (it is " + agreement.version() + " now)";
    }

    /** Whether members of the version in force can read the data: the store has gone down, or one of them does read it. */
    private static boolean isReadable(ClusterObservation seen) {
        return newer(seen).isEmpty()
                || seen.store().agreement().isDown()
                || seen.staying().stream().anyMatch(member -> reads(seen, member));
    }

    private static boolean reads(ClusterObservation seen, MemberObservation member) {
        StoreMember inStore = seen.inStore(member);
        return member.pod() != null
                && inStore != null
                && inStore.isHealthy()
                && !MinorVersion.isOlder(
                        seen.wish().versions().inForce(), member.pod().version());
    }

    private static List<MemberObservation> newer(ClusterObservation seen) {
        return seen.staying().stream()
                .filter(member -> member.pod() != null
                        && MinorVersion.isOlder(
                                seen.wish().versions().inForce(), member.pod().version()))
                .toList();
    }
}
