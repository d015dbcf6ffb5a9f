package dev.keelson.operator.execute;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.api.StorageSpec;
import dev.keelson.operator.dependent.Amounts;
import dev.keelson.operator.dependent.MemberClaim;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.dependent.Owned;
import dev.keelson.operator.dependent.SpecHash;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.ClusterObservation.Identity;
import dev.keelson.operator.observe.ClusterObservation.Wish;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.StoreObservation;
import dev.keelson.operator.store.Stores.Endpoint;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what there is of a cluster in Kubernetes, and puts it together with what the store says. */
final class Observer {
    private final Kubernetes kubernetes;
    private final Clock clock;

    Observer(Kubernetes kubernetes, Clock clock) {
        this.kubernetes = kubernetes;
        this.clock = clock;
    }

    /** All objects of the members, read from the server one kind after the other: records last, so that none is missing. */
    Resources read(KeelsonCluster cluster) {
        Map<String, String> selector = Owned.selector(cluster);
        String namespace = cluster.getMetadata().getNamespace();
        Map<String, Pod> pods = byName(kubernetes.list(Pod.class, namespace, selector), o -> o);
        Map<String, PersistentVolumeClaim> claims =
                byName(kubernetes.list(PersistentVolumeClaim.class, namespace, selector), o -> o);
        List<KeelsonMember> members = kubernetes.list(KeelsonMember.class, namespace, selector).stream()
                .sorted(Comparator.comparingInt(member -> member.getSpec().ordinal()))
                .toList();
        return new Resources(members, pods, claims);
    }

    ClusterObservation observe(Subject subject, Resources resources, StoreObservation store) {
        ClusterSpec spec = subject.cluster().getSpec();
        StorageSpec storage = spec.storage();
        Wish wish = new Wish(
                spec.members(),
                Amounts.duration(spec.recovery().replaceMemberAfter()),
                storage.onScaleIn() == StorageSpec.Fate.Delete,
                Amounts.bytes(storage.size()),
                SpecHash.of(spec, subject.image()),
                subject.versions(),
                MaintenanceWindows.rollout(spec.updates(), clock.instant()),
                spec.auth().enabled());
        List<MemberObservation> members = resources.members().stream()
                .map(member -> member(subject, member, resources))
                .toList();
        return new ClusterObservation(
                subject.name(), wish, identity(subject, resources), members, store, clock.instant());
    }

    /** The records of members carry the identity too, in case the status is lost, as after restoring resources only. */
    private static Identity identity(Subject subject, Resources resources) {
        ClusterStatus status = subject.cluster().getStatus();
        String latched = status.clusterId();
        int next = status.nextOrdinal();
        for (KeelsonMember member : resources.members()) {
            latched = latched == null ? member.getSpec().clusterId() : latched;
            next = Math.max(next, member.getSpec().ordinal() + 1);
        }
        return new Identity(Ids.parse(latched), next);
    }

    private static MemberObservation member(Subject subject, KeelsonMember member, Resources resources) {
        String name = member.getMetadata().getName();
        Pod pod = resources.pods().get(name);
        PersistentVolumeClaim claim = resources.claims().get(MemberClaim.name(subject.cluster(), name));
        return new MemberObservation(
                name,
                member.getSpec().ordinal(),
                Ids.parse(member.getSpec().memberId()),
                member.getSpec().leaving(),
                pod == null ? null : PodReading.pod(pod),
                claim == null ? null : claim(claim),
                pod == null ? null : PodReading.unreadySince(pod));
    }

    private static MemberObservation.Claim claim(PersistentVolumeClaim claim) {
        String phase = claim.getStatus() == null ? null : claim.getStatus().getPhase();
        Quantity asked = claim.getSpec().getResources().getRequests().get("storage");
        return new MemberObservation.Claim(
                claim.getMetadata().getUid(),
                Objects.equals(phase, "Lost"),
                claim.getMetadata().getDeletionTimestamp() != null,
                asked == null ? 0 : Amounts.bytes(asked.toString()));
    }

    private static <T extends HasMetadata> Map<String, T> byName(List<T> objects, Function<T, T> same) {
        return objects.stream()
                .collect(Collectors.toMap(
                        object -> object.getMetadata().getName(), same, (a, b) -> a, LinkedHashMap::new));
    }

    /** What Kubernetes has of the members. */
    record Resources(List<KeelsonMember> members, Map<String, Pod> pods, Map<String, PersistentVolumeClaim> claims) {

        @Nullable
        KeelsonMember member(String name) {
            return members.stream()
                    .filter(member -> member.getMetadata().getName().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        /** Where members can be asked: those whose Pods have an address. */
        List<Endpoint> clientPorts(Names names) {
            return pods.values().stream()
                    .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
                    .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.MEMBER))
                    .map(pod -> new Endpoint(
                            pod.getMetadata().getName(),
                            pod.getStatus().getPodIP(),
                            Names.CLIENT_PORT,
                            names.host(pod.getMetadata().getName())))
                    .toList();
        }
    }
}
