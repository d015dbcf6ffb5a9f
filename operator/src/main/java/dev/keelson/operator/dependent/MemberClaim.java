package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.api.StorageSpec;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/**
 * The claim on the volume of one member. It belongs to the cluster only when it is to be deleted with it; the record of its
 * member never owns it, so that deleting a record by hand loses no data.
 */
public final class MemberClaim {
    private static final int UID_CHARACTERS = 8;

    private MemberClaim() {}

    /** Told apart from the volume that a cluster of the same name left behind, whose data must never be taken for ours. */
    public static String name(KeelsonCluster cluster, String member) {
        String uid = cluster.getMetadata().getUid();
        return member + "-" + uid.substring(0, Math.min(UID_CHARACTERS, uid.length()));
    }

    public static PersistentVolumeClaim of(KeelsonCluster cluster, KeelsonMember member) {
        StorageSpec storage = cluster.getSpec().storage();
        String name = member.getMetadata().getName();
        return new PersistentVolumeClaimBuilder()
                .withMetadata(Owned.unowned(cluster, name(cluster, name))
                        .addToLabels(Labels.MEMBER, name)
                        .withOwnerReferences(owners(cluster))
                        .build())
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .addToRequests("storage", Quantity.parse(storage.size()))
                .endResources()
                .endSpec()
                .build();
    }

    /** Who takes the claim with it. */
    public static List<OwnerReference> owners(KeelsonCluster cluster) {
        return cluster.getSpec().storage().onClusterDeletion() == StorageSpec.Fate.Delete
                ? List.of(Owned.reference(cluster))
                : List.of();
    }
}
