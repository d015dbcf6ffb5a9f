package dev.keelson.operator.execute;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.dependent.Bootstrap;
import dev.keelson.operator.dependent.Services;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.status.Failure.Kind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Set;
import java.util.TreeSet;

/** Keeps the objects around the members as they should be: Services, budget, what applications and new members read. */
final class Baseline {
    private final Kubernetes kubernetes;

    Baseline(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Each on its own: one that fails keeps no other from being done. */
    void keep(Subject subject, ClusterObservation seen, Failures failures) {
        KeelsonCluster cluster = subject.cluster();
        int voters = seen.store().voters().size();
        failures.guard(Kind.SURROUNDINGS, "bootstrap", () -> bootstrap(subject, seen));
        failures.guard(Kind.SURROUNDINGS, "peers Service", () -> kubernetes.apply(Services.peers(cluster)));
        failures.guard(Kind.SURROUNDINGS, "client Service", () -> kubernetes.apply(Services.client(cluster)));
        failures.guard(Kind.SURROUNDINGS, "connection", () -> kubernetes.apply(Services.connection(cluster)));
        failures.guard(
                Kind.SURROUNDINGS, "disruption budget", () -> kubernetes.apply(Services.budget(cluster, voters)));
    }

    /** The list is the store's. While no quorum confirms one, the last that was confirmed stays. */
    private void bootstrap(Subject subject, ClusterObservation seen) {
        KeelsonCluster cluster = subject.cluster();
        boolean latched = seen.identity().clusterId() != null;
        Set<String> members = new TreeSet<>();
        if (!latched) {
            seen.members().stream().limit(1).map(MemberObservation::name).forEach(members::add);
        } else if (seen.store().quorate()) {
            seen.store().members().stream().map(StoreMember::host).forEach(members::add);
        } else if (mayFoundAgain(subject)) {
            seen.members().stream()
                    .filter(member -> member.memberId() != null)
                    .map(MemberObservation::name)
                    .forEach(members::add);
        }
        if (!members.isEmpty()) {
            kubernetes.apply(Bootstrap.of(cluster, latched, members));
        }
    }

    private boolean mayFoundAgain(Subject subject) {
        ConfigMap kept = kubernetes.get(
                ConfigMap.class, subject.namespace(), subject.names().bootstrap());
        return kept == null || !Bootstrap.isOfOldCluster(kept);
    }
}
