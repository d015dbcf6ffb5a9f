package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.SchedulingSpec;
import dev.keelson.operator.api.SchedulingSpec.Preference;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;

/** Where a member may run: not beside another one, and spread over zones. */
final class Placement {
    private static final int FULL_WEIGHT = 100;

    private Placement() {}

    static void apply(PodSpecBuilder pod, KeelsonCluster cluster) {
        SchedulingSpec wanted = cluster.getSpec().scheduling();
        LabelSelector siblings = new LabelSelectorBuilder()
                .withMatchLabels(Owned.selector(cluster))
                .build();
        PodAffinityTerm sameHost = new PodAffinityTermBuilder()
                .withLabelSelector(siblings)
                .withTopologyKey("kubernetes.io/hostname")
                .build();
        AffinityBuilder affinity = new AffinityBuilder();
        switch (wanted.hostAntiAffinity()) {
            case Required ->
                affinity.withNewPodAntiAffinity()
                        .withRequiredDuringSchedulingIgnoredDuringExecution(sameHost)
                        .endPodAntiAffinity();
            case Preferred ->
                affinity.withNewPodAntiAffinity()
                        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                        .withWeight(FULL_WEIGHT)
                        .withPodAffinityTerm(sameHost)
                        .endPreferredDuringSchedulingIgnoredDuringExecution()
                        .endPodAntiAffinity();
            case None -> affinity.withPodAntiAffinity(null);
        }
        pod.withAffinity(affinity.build());
        if (wanted.zoneSpread() != Preference.None) {
            pod.addNewTopologySpreadConstraint()
                    .withMaxSkew(1)
                    .withTopologyKey("topology.kubernetes.io/zone")
                    .withWhenUnsatisfiable(
                            wanted.zoneSpread() == Preference.Required ? "DoNotSchedule" : "ScheduleAnyway")
                    .withLabelSelector(siblings)
                    .endTopologySpreadConstraint();
        }
        if (!wanted.nodeSelector().isEmpty()) {
            pod.withNodeSelector(wanted.nodeSelector());
        }
        pod.withTolerations(wanted.tolerations());
        if (!wanted.priorityClassName().isEmpty()) {
            pod.withPriorityClassName(wanted.priorityClassName());
        }
    }
}
