package dev.keelson.operator.world;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.execute.ClusterPass;
import dev.keelson.operator.execute.Images;
import dev.keelson.operator.execute.Ports;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.store.Store;
import dev.keelson.operator.store.Stores;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One cluster in a world that turns only when told: passes of the operator and ticks of the kubelets take turns. Every tick
 * checks what must never happen: a second cluster made under one identity, a member that voted and came back empty, an id or an
 * ordinal used twice, and a quorum that the operator took away.
 */
public final class World {
    private static final String NAME = "c";

    private final String namespace;
    private final Writes writes = new Writes();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private final FakeKubernetes kubernetes = new FakeKubernetes(writes, clock);
    private final FakeStore store = new FakeStore(writes);
    /** Which volume, by the uid of its claim, holds whose data. */
    private final Map<String, String> data = new HashMap<>();

    private final Set<String> ordinals = new HashSet<>();
    private final Set<String> broken = new HashSet<>();
    private final Set<String> unplaceable = new HashSet<>();
    /** What somebody else than the operator took since the last turn. */
    private final List<String> taken = new ArrayList<>();

    private Instant nextLook = now;
    private boolean awake = true;
    private int passes;

    private final List<String> events = new ArrayList<>();
    private final Mounts mounts = new Mounts();
    private final ClusterPass pass = operator();

    private ClusterPass operator() {
        Ports ports = new Ports(
                kubernetes,
                new OneStore(),
                member -> mounts.shown(member.member()),
                (about, warning, reason, text) -> events.add((warning ? "! " : "") + reason + " " + text),
                clock);
        return new ClusterPass(ports, new Images("keelson/node", "0.1.0"));
    }

    /** All passes meet the same store. */
    private final class OneStore implements Stores {
        @Override
        public Store open(String cluster, List<Endpoint> members, Entry entry) {
            return store.offering(entry.rootPasswords());
        }

        @Override
        public void forget(String cluster) {
            // It lives as long as the world.
        }
    }

    public World() {
        this("ns");
    }

    /** In another namespace than others. */
    public World(String namespace) {
        this.namespace = namespace;
    }

    /** A user applies a cluster. */
    public void apply(ClusterSpec spec) {
        KeelsonCluster cluster = new KeelsonCluster();
        cluster.setMetadata(
                new ObjectMetaBuilder().withName(NAME).withNamespace(namespace).build());
        cluster.setSpec(spec);
        kubernetes.put(cluster);
    }

    /** A user edits the cluster, as JSON of its specification says. */
    public void edit(UnaryOperator<ClusterSpec> change) {
        KeelsonCluster cluster = cluster();
        cluster.setSpec(change.apply(cluster.getSpec()));
        kubernetes.edit(cluster);
    }

    /** This specification with these fields as JSON says. */
    public static UnaryOperator<ClusterSpec> with(String json) {
        return spec -> {
            Map<String, Object> fields = new HashMap<>(Serialization.unmarshal(Serialization.asJson(spec), Map.class));
            Map<?, ?> changed = Serialization.unmarshal(json, Map.class);
            changed.forEach((key, value) -> fields.put(String.valueOf(key), value));
            return Serialization.unmarshal(Serialization.asJson(fields), ClusterSpec.class);
        };
    }

    public KeelsonCluster cluster() {
        return Objects.requireNonNull(kubernetes.get(KeelsonCluster.class, namespace, NAME));
    }

    public ClusterStatus status() {
        return Objects.requireNonNullElse(cluster().getStatus(), ClusterStatus.NONE);
    }

    public FakeStore store() {
        return store;
    }

    public FakeKubernetes kubernetes() {
        return kubernetes;
    }

    public Writes writes() {
        return writes;
    }

    public List<String> events() {
        return events;
    }

    /** As {@link #turn}, but the operator sleeps until it wanted to look again, unless something wakes it. */
    public void turn(boolean woken) {
        awake = woken || !now.isBefore(nextLook);
        turn();
        awake = true;
    }

    /** A pass of the operator, which may end in a crash, and a turn of everything else. */
    public void turn() {
        boolean quorum = store.hasQuorum();
        List<String> lost = List.copyOf(taken);
        taken.clear();
        int voters = store.voters();
        try {
            if (awake) {
                nextLook = now;
                passes++;
                Duration pause = pass.run(namespace, NAME);
                nextLook = now.plus(Objects.requireNonNull(pause));
            }
        } catch (Crash e) {
            events.add("crash " + e.getMessage());
        }
        kubelets();
        boolean endangered = quorum && voters > 2 && !store.hasQuorum() && lost.isEmpty();
        if (endangered) {
            throw new AssertionError("the operator took the quorum away: " + store.observe() + writes.done());
        }
        now = now.plusSeconds(10);
    }

    /** Turns until this holds; what takes longer never happens. */
    public void until(String what, Predicate<World> condition) {
        for (int turn = 0; turn < 300; turn++) {
            turn();
            if (condition.test(this)) {
                return;
            }
        }
        throw new AssertionError("never: " + what + ": " + Serialization.asYaml(status()) + events);
    }

    /** Turns until nothing is left to do and all is as wanted. */
    public void settle() {
        until("settled", World::isSettled);
    }

    public boolean isSettled() {
        return "Ready".equals(status().phase())
                && status().plan().isEmpty()
                && Objects.equals(
                        status().observedGeneration(), cluster().getMetadata().getGeneration())
                && store.voters() == cluster().getSpec().members();
    }

    /** A second operator that takes itself for the leader does whole passes between two writes of the first. */
    public void withSecondOperator(Random random, int percent) {
        ClusterPass second = operator();
        writes.meanwhile(() -> {
            if (random.nextInt(100) < percent) {
                second.run(namespace, NAME);
            }
        });
    }

    /** How often the operator has looked. */
    public int passes() {
        return passes;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** The process of a member ends again and again until repaired. */
    public void breakMember(String member) {
        taken.add(member);
        broken.add(member);
    }

    public void repairMember(String member) {
        broken.remove(member);
    }

    /** No node takes the Pod. */
    public void unplaceable(String member) {
        unplaceable.add(member);
    }

    /** The name of a member's claim; the cluster is the first object of the world. */
    public static String claim(String member) {
        return member + "-uid-1";
    }

    public void deletePod(String member) {
        taken.add(member);
        kubernetes.remove(Pod.class, member);
    }

    public void deleteClaim(String member) {
        kubernetes.remove(PersistentVolumeClaim.class, claim(member));
    }

    /** Every kubelet looks at its Pods once. */
    public void kubelets() {
        for (Pod pod : kubernetes.list(Pod.class, namespace, Map.of())) {
            if (pod.getMetadata().getDeletionTimestamp() == null) {
                run(pod);
            } else {
                store.stop(pod.getMetadata().getName());
                mounts.forget(pod.getMetadata().getName());
                kubernetes.forget(pod);
            }
        }
        List<String> pods = kubernetes.names(Pod.class);
        for (PersistentVolumeClaim claim : kubernetes.list(PersistentVolumeClaim.class, namespace, Map.of())) {
            String member = claim.getMetadata().getName().replaceAll("-uid-1$", "");
            if (claim.getMetadata().getDeletionTimestamp() != null && !pods.contains(member)) {
                data.remove(claim.getMetadata().getUid());
                kubernetes.forget(claim);
            } else if (claim.getStatus() == null) {
                claim.setStatus(new PersistentVolumeClaimStatus());
                claim.getStatus().setPhase("Bound");
                kubernetes.observed(claim);
            }
        }
        for (String host : store.hosts()) {
            if (!pods.contains(host)) {
                store.stop(host);
            }
        }
        mounts.look("an application", kubernetes.get(Secret.class, namespace, NAME + "-client"));
        mounts.assertEverybodyTrustsEverybody();
        store.tick();
        kubernetes.names(KeelsonMember.class).forEach(ordinals::add);
    }

    public Set<String> membersEver() {
        return ordinals;
    }

    private void run(Pod pod) {
        String member = pod.getMetadata().getName();
        PersistentVolumeClaim claim = kubernetes.get(PersistentVolumeClaim.class, namespace, claim(member));
        ConfigMap bootstrap = kubernetes.get(ConfigMap.class, namespace, NAME + "-bootstrap");
        boolean image = pod.getSpec().getContainers().getFirst().getImage().contains("bad");
        boolean placed = !image && !unplaceable.contains(member) && !broken.contains(member);
        mounts.look(member, kubernetes.get(Secret.class, namespace, secret(pod)));
        boolean equipped = claim != null && bootstrap != null && mounts.has(member);
        boolean runs =
                placed && equipped && start(pod, Objects.requireNonNull(claim), Objects.requireNonNull(bootstrap));
        if (!runs) {
            store.stop(member);
        }
        String reason = image ? "ImagePullBackOff" : "CrashLoopBackOff";
        String message = image ? "no such image" : "it ends again and again";
        String since = since(pod, runs);
        PodStatusBuilder status = new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP("10.0.0.1")
                .addNewCondition()
                .withType("Ready")
                .withStatus(runs ? "True" : "False")
                .withLastTransitionTime(since)
                .endCondition();
        if (unplaceable.contains(member)) {
            status.addNewCondition()
                    .withType("PodScheduled")
                    .withStatus("False")
                    .withReason("Unschedulable")
                    .endCondition();
        } else if (!runs) {
            status.addNewContainerStatus()
                    .withNewState()
                    .withNewWaiting(message, reason)
                    .endState()
                    .endContainerStatus();
        }
        pod.setStatus(status.build());
        kubernetes.observed(pod);
    }

    private String since(Pod pod, boolean runs) {
        return pod.getStatus() == null
                ? now.toString()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals("Ready"))
                        .filter(condition -> condition.getStatus().equals(runs ? "True" : "False"))
                        .map(condition -> condition.getLastTransitionTime())
                        .findFirst()
                        .orElse(now.toString());
    }

    /** As a member starts: on its data, or empty as the bootstrap says. */
    private boolean start(Pod pod, PersistentVolumeClaim claim, ConfigMap bootstrap) {
        String member = pod.getMetadata().getName();
        MinorVersion version = formats(pod);
        String volume = claim.getMetadata().getUid();
        if (data.containsKey(volume)) {
            if (!store.knows(member)) {
                return false;
            }
            store.start(member, version);
            return true;
        }
        if ("new".equals(bootstrap.getData().get("initial-cluster-state"))) {
            store.found(member);
            if (store.founded() > 1 && store.voters() > 1) {
                throw new AssertionError("a second cluster was made");
            }
        } else if (!store.knows(member) || store.hasStarted(member)) {
            return false;
        }
        data.put(volume, member);
        store.start(member, version);
        return true;
    }

    /** A server of 0.1 keeps etcd's contract of 3.7, and so on. */
    private static MinorVersion formats(Pod pod) {
        String image = pod.getSpec().getContainers().getFirst().getImage();
        MinorVersion version = Objects.requireNonNull(MinorVersion.parse(image.substring(image.lastIndexOf(':') + 1)));
        return new MinorVersion(3, 6 + version.minor());
    }

    private static String secret(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getSecret() != null)
                .map(volume -> volume.getSecret().getSecretName())
                .findFirst()
                .orElse("");
    }
}
