package dev.keelson.operator;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.execute.ClusterPass;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs a pass whenever something happens to a cluster or to one of its objects, and at intervals. What woke it does not matter:
 * informers only wake, and every pass reads the servers anew.
 */
@ControllerConfiguration(name = "cluster")
@GradualRetry(
        maxAttempts = Integer.MAX_VALUE,
        initialInterval = ClusterReconciler.RETRY_MILLIS,
        intervalMultiplier = 2,
        maxInterval = ClusterReconciler.RETRY_MILLIS_MAX)
public final class ClusterReconciler implements Reconciler<KeelsonCluster> {
    static final long RETRY_MILLIS = 1_000;
    static final long RETRY_MILLIS_MAX = 60_000;

    private final ClusterPass pass;

    ClusterReconciler(ClusterPass pass) {
        this.pass = pass;
    }

    @Override
    public UpdateControl<KeelsonCluster> reconcile(KeelsonCluster woken, Context<KeelsonCluster> context) {
        Duration next =
                pass.run(woken.getMetadata().getNamespace(), woken.getMetadata().getName());
        UpdateControl<KeelsonCluster> control = UpdateControl.noUpdate();
        return next == null ? control : control.rescheduleAfter(next);
    }

    @Override
    public List<EventSource<?, KeelsonCluster>> prepareEventSources(EventSourceContext<KeelsonCluster> context) {
        return List.of(
                informer(Pod.class, context),
                informer(PersistentVolumeClaim.class, context),
                informer(KeelsonMember.class, context));
    }

    private static <T extends HasMetadata> EventSource<?, KeelsonCluster> informer(
            Class<T> kind, EventSourceContext<KeelsonCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, KeelsonCluster.class)
                        .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.OPERATOR)
                        .withSecondaryToPrimaryMapper(ClusterReconciler::cluster)
                        .build(),
                context);
    }

    private static Set<ResourceID> cluster(HasMetadata object) {
        Map<String, String> labels =
                Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
        String cluster = labels.get(Labels.CLUSTER);
        return cluster == null
                ? Set.of()
                : Set.of(new ResourceID(cluster, object.getMetadata().getNamespace()));
    }
}
