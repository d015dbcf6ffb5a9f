package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Labels and owners of the objects of a cluster. */
public final class Owned {
    private Owned() {}

    /** What all objects of a cluster carry, and no object of an earlier cluster of the same name. */
    public static Map<String, String> selector(KeelsonCluster cluster) {
        return Map.of(
                Labels.CLUSTER, cluster.getMetadata().getName(),
                Labels.CLUSTER_UID, cluster.getMetadata().getUid());
    }

    static Map<String, String> labels(KeelsonCluster cluster) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Labels.NAME, "keelson");
        labels.put(Labels.INSTANCE, cluster.getMetadata().getName());
        labels.put(Labels.MANAGED_BY, Labels.OPERATOR);
        labels.putAll(selector(cluster));
        return labels;
    }

    public static ObjectMetaBuilder metadata(KeelsonCluster cluster, String name) {
        return unowned(cluster, name).withOwnerReferences(reference(cluster));
    }

    static ObjectMetaBuilder unowned(KeelsonCluster cluster, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(cluster.getMetadata().getNamespace())
                .withLabels(labels(cluster));
    }

    /** Whether an object belongs to this cluster, and not to an earlier one of its name or to somebody else. */
    public static boolean isOf(KeelsonCluster cluster, HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null && labels.entrySet().containsAll(selector(cluster).entrySet());
    }

    public static OwnerReference reference(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
