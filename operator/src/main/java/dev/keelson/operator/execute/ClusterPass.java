package dev.keelson.operator.execute;

import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.execute.Observer.Resources;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.plan.Plan;
import dev.keelson.operator.plan.PlannedStep;
import dev.keelson.operator.plan.Planner;
import dev.keelson.operator.status.Failure.Kind;
import dev.keelson.operator.status.StatusFactory;
import dev.keelson.operator.store.Store;
import dev.keelson.operator.store.Stores.Endpoint;
import dev.keelson.operator.store.Stores.Entry;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one cluster: observe, plan, do what may be done at once, say so in the status. It keeps nothing from one pass to
 * the next but the ways to the members, so that it may be cut off anywhere and begun anew by another process. One thread at a time
 * for each cluster.
 */
public final class ClusterPass {
    /** After something was done, the next step may be possible. */
    private static final Duration SOON = Duration.ofMillis(500);
    /** While something is awaited that no event of Kubernetes tells of. */
    private static final Duration WAITING = Duration.ofSeconds(3);
    /** Health is looked at though nothing happens. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Ports ports;
    private final Kubernetes kubernetes;
    private final Subjects subjects;
    private final Announcements announcements;

    public ClusterPass(Ports ports, Images images) {
        this.ports = ports;
        this.kubernetes = ports.kubernetes();
        this.subjects = new Subjects(images);
        this.announcements = new Announcements(ports.events());
    }

    /** When to look again; null when the cluster is gone or going, which the owners of its objects see to. */
    public @Nullable Duration run(String namespace, String name) {
        KeelsonCluster cluster = kubernetes.get(KeelsonCluster.class, namespace, name);
        if (cluster == null || cluster.getMetadata().getDeletionTimestamp() != null) {
            ports.stores().forget(namespace + "/" + name);
            return null;
        }
        boolean paused = cluster.getSpec() != null && cluster.getSpec().paused();
        ClusterStatus before = Objects.requireNonNullElse(cluster.getStatus(), ClusterStatus.NONE);
        Failures failures = new Failures();
        Observer observer = new Observer(kubernetes, ports.clock());
        Resources resources = observer.read(cluster);
        Subject subject = subjects.of(cluster);
        Protection protection = new Protection(kubernetes, ports.handshakes(), ports.clock(), failures);
        if (subject.isUsable()) {
            protection.keep(subject, resources);
        }
        RootPassword password = new RootPassword(kubernetes, cluster);
        List<String> passwords = password.candidates();
        try (Store store = open(subject, resources, new Entry(protection.credentials(), passwords), failures)) {
            ClusterObservation seen = observer.observe(subject, resources, store.observe());
            Plan plan = subject.isUsable() ? Planner.plan(seen) : Plan.EMPTY;
            boolean acted = false;
            if (subject.isUsable() && !paused && !isDryRun(cluster)) {
                new Baseline(kubernetes).keep(subject, seen, failures);
                failures.guard(Kind.STEP, "password of the root user", () -> password.renew(store, passwords));
                acted = act(subject, plan, new StepExecutor(kubernetes, store, subject, resources), failures);
            }
            resources.pods().forEach((member, pod) -> complain(member, pod, failures));
            report(subject, resources, seen, failures);
            StatusFactory.Pass pass = new StatusFactory.Pass(
                    cluster.getStatus(),
                    Objects.requireNonNullElse(cluster.getMetadata().getGeneration(), 0L),
                    subject.acceptedSpec(),
                    subject.problems(),
                    paused,
                    failures.found(),
                    protection.progress());
            ClusterStatus after = StatusFactory.of(pass, seen, plan);
            write(cluster, before, after, failures);
            announcements.of(cluster, before, after);
            boolean rests = StatusFactory.isSettled(seen, plan) || StatusFactory.isWaitingForItsTime(seen, plan);
            return next(acted || failures.hasConflicts(), rests && protection.progress() == null);
        }
    }

    private static Duration next(boolean moving, boolean rests) {
        return moving ? SOON : rests ? IDLE : WAITING;
    }

    private static boolean isDryRun(KeelsonCluster cluster) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(cluster.getMetadata().getAnnotations(), Map.of());
        return "true".equals(annotations.get(Labels.DRY_RUN));
    }

    /** Nobody is asked as long as there is nothing to show him. */
    private Store open(Subject subject, Resources resources, Entry entry, Failures failures) {
        boolean hidden = subject.names().tls() && entry.tls() == null;
        String key = subject.namespace() + "/" + subject.name();
        List<Endpoint> members = hidden ? List.of() : resources.clientPorts(subject.names());
        Store[] opened = new Store[1];
        if (failures.guard(
                Kind.CERTIFICATES,
                "certificates",
                () -> opened[0] = ports.stores().open(key, members, entry))) {
            return opened[0];
        }
        return ports.stores().open(key, List.of(), Entry.FREE);
    }

    private boolean act(Subject subject, Plan plan, StepExecutor executor, Failures failures) {
        boolean acted = false;
        for (PlannedStep planned : plan.nextSteps()) {
            String what = planned.name() + " " + planned.step().member();
            if (failures.guard(Kind.STEP, what, () -> executor.perform(planned.step()))) {
                acted = true;
                announcements.done(subject.cluster(), planned);
            }
        }
        return acted;
    }

    private static void complain(String member, Pod pod, Failures failures) {
        String complaint = PodReading.complaint(pod);
        if (complaint != null) {
            failures.note(Kind.MEMBER, member, complaint);
        }
    }

    /** What each member's own record shows. */
    private void report(Subject subject, Resources resources, ClusterObservation seen, Failures failures) {
        seen.members().forEach(member -> {
            StoreMember inStore = seen.inStore(member);
            KeelsonMember record = resources.member(member.name());
            String role = inStore == null ? null : inStore.learner() ? "Learner" : "Voter";
            KeelsonMember.Status status = new KeelsonMember.Status(role, inStore != null && inStore.isHealthy());
            if (record != null
                    && !status.equals(record.getStatus())
                    && seen.store().quorate()) {
                record.setStatus(status);
                failures.guard(
                        Kind.REPORT, "status of " + member.name() + " in " + subject.name(), () -> showStatus(record));
            }
        });
    }

    /** A record that was just forgotten shows nothing any more. */
    private void showStatus(KeelsonMember record) {
        String namespace = record.getMetadata().getNamespace();
        if (kubernetes.get(KeelsonMember.class, namespace, record.getMetadata().getName()) != null) {
            kubernetes.replaceStatus(record);
        }
    }

    private void write(KeelsonCluster cluster, ClusterStatus before, ClusterStatus after, Failures failures) {
        if (!after.equals(before)) {
            cluster.setStatus(after);
            failures.guard(Kind.REPORT, "status", () -> kubernetes.replaceStatus(cluster));
        }
    }
}
