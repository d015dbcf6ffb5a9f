package dev.keelson.operator.execute;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.dependent.MemberClaim;
import dev.keelson.operator.dependent.MemberPod;
import dev.keelson.operator.dependent.Owned;
import dev.keelson.operator.execute.Observer.Resources;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.plan.Step;
import dev.keelson.operator.store.Store;
import dev.keelson.operator.store.StoreException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Carries out single steps. Each may be cut off after any of its writes and be taken again. */
final class StepExecutor {
    private final Kubernetes kubernetes;
    private final Store store;
    private final Subject subject;
    private final Resources resources;

    StepExecutor(Kubernetes kubernetes, Store store, Subject subject, Resources resources) {
        this.kubernetes = kubernetes;
        this.store = store;
        this.subject = subject;
        this.resources = resources;
    }

    void perform(Step step) {
        switch (step) {
            case Step.CreateMember create -> createMember(create);
            case Step.LatchIdentity latch -> latch(latch);
            case Step.RecordMember found ->
                rewrite(found.member(), spec -> spec.joined(Ids.text(found.clusterId()), Ids.text(found.memberId())));
            case Step.MarkLeaving mark -> mark(mark);
            case Step.EnableDowngrade enable -> store.enableDowngrade(enable.target());
            case Step.LatchVersion latch -> {
                subject.cluster().setStatus(subject.cluster().getStatus().withVersion(latch.version()));
                writeStatus();
            }
            case Step.CancelDowngrade _ -> store.cancelDowngrade();
            case Step.EnableAuth _ -> enableAuth();
            case Step.DisableAuth _ -> store.disableAuth();
            case Step.CreateClaim create ->
                kubernetes.create(MemberClaim.of(subject.cluster(), member(create.member())));
            case Step.GrowClaim grow -> grow(grow.member());
            case Step.CreatePod create ->
                kubernetes.create(MemberPod.of(
                        subject.cluster(), member(create.member()), subject.image(), role(create.member())));
            case Step.LabelPod label -> label(label);
            case Step.AddLearner add -> store.addLearner(subject.names().peerUrl(add.member()));
            case Step.PromoteLearner promote -> store.promote(promote.memberId());
            case Step.MoveLeader move -> store.moveLeader(move.member(), move.targetId());
            case Step.RemoveMember remove -> store.remove(remove.memberId());
            case Step.RestartPod restart -> delete(Pod.class, restart.member(), restart.uid());
            case Step.ClearPod clear -> delete(Pod.class, clear.member(), clear.uid());
            case Step.DeleteClaim give ->
                delete(PersistentVolumeClaim.class, MemberClaim.name(subject.cluster(), give.member()), give.uid());
            case Step.ForgetMember forget ->
                delete(
                        KeelsonMember.class,
                        forget.member(),
                        member(forget.member()).getMetadata().getUid());
        }
    }

    /** The ordinal is spent before it is used: when this is cut off in between, it is skipped and not used twice. */
    private void createMember(Step.CreateMember create) {
        KeelsonCluster cluster = subject.cluster();
        if (create.ordinal() >= cluster.getStatus().nextOrdinal()) {
            cluster.setStatus(cluster.getStatus().withNextOrdinal(create.ordinal() + 1));
            writeStatus();
        }
        KeelsonMember member = new KeelsonMember();
        member.setMetadata(Owned.metadata(cluster, create.member()).build());
        member.setSpec(new KeelsonMember.Spec(subject.name(), create.ordinal(), create.start(), null, null, null));
        kubernetes.create(member);
    }

    /** First on the record of the seed, then on the cluster: what is written first is enough to know the rest. */
    private void latch(Step.LatchIdentity latch) {
        String id = Ids.text(latch.clusterId());
        rewrite(latch.member(), spec -> spec.joined(id, Ids.text(latch.memberId())));
        subject.cluster().setStatus(subject.cluster().getStatus().latched(id));
        writeStatus();
    }

    /** Which password it will be is written down first: a successor of this process has to get in too. */
    private void enableAuth() {
        RootPassword password = new RootPassword(kubernetes, subject.cluster());
        List<String> candidates = password.candidates();
        if (candidates.isEmpty()) {
            throw new StoreException("no password of the root user is given");
        }
        password.keep(candidates.getFirst());
        store.enableAuth();
    }

    private void writeStatus() {
        KeelsonCluster written = kubernetes.replaceStatus(subject.cluster());
        subject.cluster().getMetadata().setResourceVersion(written.getMetadata().getResourceVersion());
    }

    private void rewrite(String name, UnaryOperator<KeelsonMember.Spec> change) {
        KeelsonMember member = member(name);
        member.setSpec(change.apply(member.getSpec()));
        KeelsonMember written = kubernetes.replace(member);
        member.getMetadata().setResourceVersion(written.getMetadata().getResourceVersion());
    }

    /** A volume is called lost only when a second look, after the store was asked, does not find it either. */
    private void mark(Step.MarkLeaving mark) {
        String claim = MemberClaim.name(subject.cluster(), mark.member());
        if (mark.intent() == KeelsonMember.Leaving.DataLost
                && resources.claims().get(claim) == null
                && kubernetes.get(PersistentVolumeClaim.class, subject.namespace(), claim) != null) {
            throw new Kubernetes.ConflictException(claim + " is there again");
        }
        rewrite(mark.member(), spec -> spec.leaving(mark.intent()));
    }

    private void grow(String member) {
        PersistentVolumeClaim claim =
                Objects.requireNonNull(resources.claims().get(MemberClaim.name(subject.cluster(), member)));
        claim.getSpec()
                .getResources()
                .getRequests()
                .put(
                        "storage",
                        Quantity.parse(subject.cluster().getSpec().storage().size()));
        kubernetes.replace(claim);
    }

    private void label(Step.LabelPod label) {
        Pod pod = Objects.requireNonNull(resources.pods().get(label.member()));
        pod.getMetadata().getLabels().put(Labels.ROLE, label.role());
        kubernetes.replace(pod);
    }

    /** The seed votes from its first start; whoever joins does not, until the store says so. */
    private String role(String member) {
        return member(member).getSpec().start() == KeelsonMember.Start.New ? "voter" : "learner";
    }

    private <T extends HasMetadata> void delete(Class<T> kind, String name, @Nullable String uid) {
        kubernetes.delete(kind, subject.namespace(), name, Objects.requireNonNull(uid));
    }

    private KeelsonMember member(String name) {
        KeelsonMember member = resources.member(name);
        if (member == null) {
            throw new IllegalStateException("no record of " + name);
        }
        return member;
    }
}
