package dev.keelson.operator.execute;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.certificates.Certificates;
import dev.keelson.operator.certificates.KeyPairPem;
import dev.keelson.operator.execute.Observer.Resources;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.plan.Plan;
import dev.keelson.operator.plan.PlannedStep;
import dev.keelson.operator.plan.Planner;
import dev.keelson.operator.status.StatusFactory;
import dev.keelson.operator.store.Store;
import dev.keelson.operator.store.Stores;
import dev.keelson.operator.store.Stores.Credentials;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one cluster: observe, plan, do what may be done at once, say so in the status. It keeps nothing from one pass to
 * the next, so that it may be cut off anywhere and begun anew by another process. One thread at a time for each cluster.
 */
public final class ClusterPass {
    /** After something was done, the next step may be possible. */
    private static final Duration SOON = Duration.ofMillis(500);
    /** While something is awaited that no event of Kubernetes tells of. */
    private static final Duration WAITING = Duration.ofSeconds(3);
    /** Health is looked at though nothing happens. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Kubernetes kubernetes;
    private final Stores stores;
    private final Events events;
    private final Clock clock;
    private final Subjects subjects;

    public ClusterPass(Kubernetes kubernetes, Stores stores, Events events, Clock clock, Images images) {
        this.kubernetes = kubernetes;
        this.stores = stores;
        this.events = events;
        this.clock = clock;
        this.subjects = new Subjects(images);
    }

    /** When to look again; null when the cluster is gone or going, which the owners of its objects see to. */
    public @Nullable Duration run(String namespace, String name) {
        KeelsonCluster cluster = kubernetes.get(KeelsonCluster.class, namespace, name);
        if (cluster == null || cluster.getMetadata().getDeletionTimestamp() != null) {
            return null;
        }
        ClusterSpec asked = cluster.getSpec();
        ClusterStatus before = Objects.requireNonNullElse(cluster.getStatus(), ClusterStatus.NONE);
        Subject subject = subjects.of(cluster);
        boolean paused = asked != null && asked.paused();
        Failures failures = new Failures();
        Observer observer = new Observer(kubernetes, clock);
        Resources resources = observer.read(subject);
        Credentials credentials = subject.isUsable() ? credentials(subject, resources, failures) : null;
        boolean hidden = subject.names().tls() && credentials == null;
        try (Store store = stores.open(hidden ? List.of() : resources.endpoints(subject.names()), credentials)) {
            ClusterObservation seen = observer.observe(subject, resources, store.observe());
            Plan plan = subject.isUsable() ? Planner.plan(seen) : Plan.EMPTY;
            boolean acted = false;
            if (subject.isUsable() && !paused && !isDryRun(cluster)) {
                new Baseline(kubernetes).keep(subject, seen, failures);
                acted = act(subject, plan, new StepExecutor(kubernetes, store, subject, resources), failures);
            }
            resources.pods().forEach((member, pod) -> complain(member, pod, failures));
            report(subject, resources, seen, failures);
            StatusFactory.Pass pass = new StatusFactory.Pass(
                    cluster.getStatus(),
                    Objects.requireNonNullElse(cluster.getMetadata().getGeneration(), 0L),
                    subject.acceptedSpec(),
                    subject.version(),
                    subject.problems(),
                    paused,
                    failures.messages());
            ClusterStatus after = StatusFactory.of(pass, seen, plan);
            write(cluster, before, after, failures);
            announce(cluster, before, after);
            return next(acted || failures.hasConflicts(), StatusFactory.isSettled(seen, plan));
        }
    }

    private static Duration next(boolean moving, boolean settled) {
        return moving ? SOON : settled ? IDLE : WAITING;
    }

    private static boolean isDryRun(KeelsonCluster cluster) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(cluster.getMetadata().getAnnotations(), Map.of());
        return "true".equals(annotations.get(Labels.DRY_RUN));
    }

    /** Certificates come before anything else, and go on while all else is paused or fails. */
    private @Nullable Credentials credentials(Subject subject, Resources resources, Failures failures) {
        if (!subject.names().tls()) {
            return null;
        }
        Certificates certificates = new Certificates(kubernetes, clock);
        Credentials[] found = new Credentials[1];
        failures.guard("certificates", () -> {
            KeyPairPem authority = certificates.authority(subject.cluster());
            KeyPairPem client = certificates.client(subject.cluster(), authority);
            found[0] = new Credentials(authority.certificate(), client);
            for (KeelsonMember member : resources.members()) {
                failures.guard(
                        "certificate of " + member.getMetadata().getName(),
                        () -> certificates.member(subject.cluster(), authority, member));
            }
        });
        return found[0];
    }

    private boolean act(Subject subject, Plan plan, StepExecutor executor, Failures failures) {
        boolean acted = false;
        for (PlannedStep planned : plan.nextSteps()) {
            String what = planned.name() + " " + planned.step().member();
            if (failures.guard(what, () -> executor.perform(planned.step()))) {
                acted = true;
                events.note(
                        subject.cluster(), false, planned.name(), planned.step().member() + ": " + planned.reason());
            }
        }
        return acted;
    }

    private static void complain(String member, Pod pod, Failures failures) {
        String complaint = PodReading.complaint(pod);
        if (complaint != null) {
            failures.note(member, complaint);
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
                failures.guard("status of " + member.name() + " in " + subject.name(), () -> showStatus(record));
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
            failures.guard("status", () -> kubernetes.replaceStatus(cluster));
        }
    }

    /** Changes that people wait for or should know of. */
    private void announce(KeelsonCluster cluster, ClusterStatus before, ClusterStatus after) {
        if (!Objects.equals(before.phase(), after.phase())) {
            boolean warning = !"Ready".equals(after.phase()) && !"Progressing".equals(after.phase());
            events.note(cluster, warning, String.valueOf(after.phase()), "was " + before.phase());
        }
        after.conditions().stream()
                .filter(condition -> condition.getType().equals("SpecValid")
                        && !condition.getMessage().isEmpty()
                        && before.conditions().stream()
                                .noneMatch(old -> condition.getMessage().equals(old.getMessage())))
                .forEach(condition -> events.note(cluster, true, "Spec", condition.getMessage()));
    }
}
