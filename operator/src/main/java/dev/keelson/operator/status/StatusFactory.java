package dev.keelson.operator.status;

import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.ClusterStatus.MemberReport;
import dev.keelson.operator.api.ClusterStatus.StepReport;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MemberObservation.Pod;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreMember.Health;
import dev.keelson.operator.plan.Plan;
import dev.keelson.operator.plan.PlannedStep;
import dev.keelson.operator.status.Failure.Kind;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in a cluster's status what was seen and what is planned. Pure, but for what it is given. */
public final class StatusFactory {
    /** Longer lists would tell nobody more. */
    private static final int STEPS_MAX = 20;

    private StatusFactory() {}

    /** What the status is made of, beside the observation. */
    public record Pass(
            ClusterStatus before,
            long generation,
            @Nullable String acceptedSpec,
            List<String> problems,
            boolean paused,
            List<Failure> failures,
            @Nullable String rotation) {}

    public static ClusterStatus of(Pass pass, ClusterObservation seen, Plan plan) {
        StoreMember leader = seen.store().leader();
        boolean settled = isSettled(seen, plan);
        Long id = seen.identity().clusterId();
        ClusterStatus before = pass.before();
        long revision = seen.store().members().stream()
                .map(StoreMember::health)
                .mapToLong(health -> health == null ? 0 : health.revision())
                .max()
                .orElse(0);
        return new ClusterStatus(
                pass.generation(),
                before.clusterId() != null || id == null ? before.clusterId() : Long.toHexString(id),
                Math.max(before.nextOrdinal(), seen.identity().nextOrdinal()),
                phase(pass, seen, settled),
                seen.store().healthyVoters().size(),
                Labels.CLUSTER + "=" + seen.cluster(),
                version(pass, seen, settled),
                leader == null ? null : leader.host(),
                revision == 0 ? before.revision() : String.valueOf(revision),
                seen.store().members().stream()
                        .map(member -> report(seen, member))
                        .toList(),
                plan.steps().stream()
                        .limit(STEPS_MAX)
                        .map(StatusFactory::report)
                        .toList(),
                conditions(pass, seen, plan, settled),
                pass.acceptedSpec());
    }

    /** Whether the cluster is all that is wanted, and nothing is left to do. */
    public static boolean isSettled(ClusterObservation seen, Plan plan) {
        return isFull(seen) && plan.steps().isEmpty();
    }

    /** Whether all members serve, and what is left to do is not to be done before its time. */
    public static boolean isWaitingForItsTime(ClusterObservation seen, Plan plan) {
        return isFull(seen)
                && seen.wish().rollout().waitsFor() != null
                && plan.nextSteps().isEmpty();
    }

    private static boolean isFull(ClusterObservation seen) {
        int wanted = seen.wish().members();
        return seen.store().quorate()
                && seen.identity().clusterId() != null
                && seen.store().healthyVoters().size() == wanted
                && seen.store().members().size() == wanted
                && seen.staying().stream().filter(MemberObservation::isReady).count() == wanted;
    }

    /**
     * A new cluster's data is for the version of its seed. After that it follows when all Pods are of a newer one, though not all
     * may serve yet, since from then on the store may write what the older one cannot read.
     */
    private static @Nullable String version(Pass pass, ClusterObservation seen, boolean settled) {
        String before = pass.before().version();
        if (settled || before == null && seen.identity().clusterId() != null) {
            return seen.wish().versions().inForce();
        }
        String oldest = seen.staying().stream()
                .map(MemberObservation::pod)
                .filter(Objects::nonNull)
                .map(Pod::version)
                .reduce((one, other) -> MinorVersion.isOlder(other, one) ? other : one)
                .orElse(before);
        boolean serves = seen.staying().stream().anyMatch(MemberObservation::isReady);
        boolean raised = serves && seen.store().agreement().downgradeTarget() == null;
        return raised && MinorVersion.isOlder(before, oldest) ? oldest : before;
    }

    private static String phase(Pass pass, ClusterObservation seen, boolean settled) {
        if (pass.acceptedSpec() == null) {
            return "Invalid";
        }
        if (seen.identity().clusterId() == null) {
            return "Creating";
        }
        if (!seen.store().quorate()) {
            return "QuorumLost";
        }
        if (pass.paused()) {
            return "Paused";
        }
        boolean sick =
                seen.store().voters().size() != seen.store().healthyVoters().size();
        return settled ? "Ready" : sick ? "Degraded" : "Progressing";
    }

    private static List<Condition> conditions(Pass pass, ClusterObservation seen, Plan plan, boolean settled) {
        String next = plan.steps().stream()
                .findFirst()
                .map(StatusFactory::sentence)
                .orElse(settled ? "all members are as wanted" : "waiting for members to be ready");
        int voters = seen.store().voters().size();
        int healthy = seen.store().healthyVoters().size();
        boolean full = isFull(seen);
        String certificates = failures(pass, kind -> kind == Kind.CERTIFICATES);
        String others = failures(pass, kind -> kind != Kind.CERTIFICATES);
        String rotation =
                pass.rotation() == null ? "" : "the authority is being replaced, waits for " + pass.rotation();
        boolean degraded =
                !others.isEmpty() || healthy < voters || !seen.store().quorate();
        String health = healthy + " of " + voters + " voters are healthy";
        return new Conditions(pass.before().conditions(), pass.generation(), seen.now())
                .add("Ready", full, full ? "AllMembersHealthy" : "NotAllMembersHealthy", full ? health : next)
                .add("Progressing", !settled, settled ? "Settled" : pass.paused() ? "Paused" : "Working", next)
                .add(
                        "Degraded",
                        degraded,
                        degraded ? "Impaired" : "AsWanted",
                        others.isEmpty() ? health : health + "; " + others)
                .add(
                        "QuorumHealthy",
                        seen.store().quorate(),
                        seen.store().quorate() ? "QuorumAnswers" : "NoQuorum",
                        health)
                .add(
                        "SpecValid",
                        pass.problems().isEmpty(),
                        pass.problems().isEmpty() ? "Valid" : "Invalid",
                        pass.problems().isEmpty() ? warning(seen) : String.join("; ", pass.problems()))
                .add(
                        "CertificatesValid",
                        certificates.isEmpty(),
                        certificates.isEmpty() ? rotation.isEmpty() ? "Valid" : "Rotating" : "Failed",
                        certificates.isEmpty() ? rotation : certificates)
                .build();
    }

    private static String failures(Pass pass, Predicate<Kind> about) {
        return pass.failures().stream()
                .filter(failure -> about.test(failure.kind()))
                .map(Failure::toString)
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private static String warning(ClusterObservation seen) {
        int members = seen.wish().members();
        return members % 2 == 0
                ? members + " members tolerate no more failures than " + (members - 1) + "; an odd number is better"
                : "";
    }

    private static String sentence(PlannedStep planned) {
        String waits = planned.waitsFor() == null ? "" : ", waits for " + planned.waitsFor();
        return planned.name() + " " + planned.step().member() + " (" + planned.reason() + ")" + waits;
    }

    private static StepReport report(PlannedStep planned) {
        return new StepReport(planned.name(), planned.step().member(), planned.reason(), planned.waitsFor());
    }

    private static MemberReport report(ClusterObservation seen, StoreMember member) {
        Health health = member.health();
        return new MemberReport(
                member.host(),
                Long.toHexString(member.id()),
                member.learner() ? "Learner" : "Voter",
                member.isHealthy(),
                health == null ? null : health.version(),
                health == null ? null : String.valueOf(seen.store().lag(member)),
                health == null ? null : String.valueOf(health.databaseBytes()));
    }
}
