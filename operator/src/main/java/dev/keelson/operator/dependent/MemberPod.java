package dev.keelson.operator.dependent;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.api.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Pod of one member. It has no rights in Kubernetes, writes to its volume only, and passes the restricted standard. */
public final class MemberPod {
    static final String TLS_PATH = "/etc/keelson/tls";
    static final String DATA_PATH = "/var/lib/keelson";

    private static final long USER = 65532;
    /** Time to hand leadership over, finish calls and write the last of the log. */
    private static final long GRACE_SECONDS = 30;
    /** Starting is slow after a long absence: the log is replayed, or a snapshot fetched. */
    private static final int STARTUP_SECONDS_MAX = 3_600;

    private static final int PROBE_PERIOD_SECONDS = 5;

    private MemberPod() {}

    public static Pod of(KeelsonCluster cluster, KeelsonMember member, String image, String role) {
        ClusterSpec spec = cluster.getSpec();
        Names names = Names.of(cluster);
        String name = member.getMetadata().getName();
        PodSpecBuilder pod = new PodSpecBuilder()
                .withHostname(name)
                .withSubdomain(names.peersService())
                .withRestartPolicy("Always")
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withImagePullSecrets(spec.image().pullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(cluster, name, image));
        volumes(pod, cluster, name);
        Placement.apply(pod, cluster);
        if (!spec.podTemplate().serviceAccountName().isEmpty()) {
            pod.withServiceAccountName(spec.podTemplate().serviceAccountName());
        }
        return new PodBuilder()
                .withMetadata(metadata(cluster, member, SpecHash.of(spec, image), role))
                .withSpec(pod.build())
                .build();
    }

    private static ObjectMeta metadata(
            KeelsonCluster cluster, KeelsonMember member, Map<String, String> hash, String role) {
        PodTemplateSpec template = cluster.getSpec().podTemplate();
        String name = member.getMetadata().getName();
        Map<String, String> labels = new LinkedHashMap<>(template.labels());
        labels.putAll(Owned.labels(cluster));
        labels.put(Labels.MEMBER, name);
        labels.put(Labels.ROLE, role);
        Map<String, String> annotations = new LinkedHashMap<>(template.annotations());
        annotations.put(Labels.HASH, SpecHash.text(hash));
        annotations.putIfAbsent("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
        return Owned.unowned(cluster, name)
                .withLabels(labels)
                .withAnnotations(annotations)
                .withOwnerReferences(Owned.reference(member))
                .build();
    }

    private static Container container(KeelsonCluster cluster, String member, String image) {
        ClusterSpec spec = cluster.getSpec();
        Names names = Names.of(cluster);
        List<EnvVar> environment = new ArrayList<>(spec.podTemplate().env());
        environment.add(bootstrap("ETCD_INITIAL_CLUSTER", names, "initial-cluster"));
        environment.add(bootstrap("ETCD_INITIAL_CLUSTER_STATE", names, "initial-cluster-state"));
        return new ContainerBuilder()
                .withName("keelson")
                .withImage(image)
                .withImagePullPolicy(spec.image().pullPolicy().name())
                .withArgs(ServerOptions.of(cluster, member))
                .withEnv(environment)
                .withPorts(
                        port("client", Names.CLIENT_PORT),
                        port("peer", Names.PEER_PORT),
                        port("metrics", Names.METRICS_PORT))
                .withResources(new ResourceRequirementsBuilder()
                        .withRequests(spec.resources().requests())
                        .withLimits(spec.resources().limits())
                        .build())
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(probe("/livez", STARTUP_SECONDS_MAX / PROBE_PERIOD_SECONDS))
                .withLivenessProbe(probe("/livez", 6))
                .withReadinessProbe(probe("/readyz", 1))
                .withVolumeMounts(mounts(names.tls()))
                .build();
    }

    private static EnvVar bootstrap(String variable, Names names, String key) {
        return new EnvVarBuilder()
                .withName(variable)
                .withNewValueFrom()
                .withNewConfigMapKeyRef(key, names.bootstrap(), false)
                .endValueFrom()
                .build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    /** Over the port without TLS, so that no certificate stands between a member and its kubelet. */
    private static Probe probe(String path, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(Names.METRICS_PORT))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(PROBE_PERIOD_SECONDS)
                .withTimeoutSeconds(PROBE_PERIOD_SECONDS - 1)
                .withFailureThreshold(failures)
                .build();
    }

    private static List<VolumeMount> mounts(boolean tls) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(mount("data", DATA_PATH, false));
        mounts.add(mount("tmp", "/tmp", false));
        if (tls) {
            mounts.add(mount("tls", TLS_PATH, true));
        }
        return mounts;
    }

    private static VolumeMount mount(String name, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(readOnly ? Boolean.TRUE : null)
                .build();
    }

    private static void volumes(PodSpecBuilder pod, KeelsonCluster cluster, String member) {
        Names names = Names.of(cluster);
        pod.addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim(MemberClaim.name(cluster, member), false)
                .endVolume()
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume();
        if (names.tls()) {
            pod.addNewVolume()
                    .withName("tls")
                    .withNewSecret()
                    .withSecretName(names.memberSecret(member))
                    .endSecret()
                    .endVolume();
        }
    }
}
