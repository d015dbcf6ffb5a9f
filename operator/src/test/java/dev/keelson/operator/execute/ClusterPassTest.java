package dev.keelson.operator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.world.World;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ClusterPassTest {
    private final World world = new World();

    @Test
    void anEmptySpecificationBecomesThreeMembers() {
        world.apply(ClusterSpec.defaults());

        world.settle();

        assertThat(world.store().hosts()).containsExactly("c-0", "c-1", "c-2");
        assertThat(world.status().clusterId()).isEqualTo("abcd");
        assertThat(world.status().members()).isEqualTo(3);
        assertThat(world.kubernetes().names(Secret.class))
                .containsExactly("c-0-tls", "c-1-tls", "c-2-tls", "c-ca", "c-client");
        assertThat(minAvailable()).isEqualTo(2);
    }

    @Test
    void theIdentityIsLatchedBeforeASecondMemberExists() {
        world.apply(ClusterSpec.defaults());

        world.until(
                "a second member",
                w -> w.kubernetes().names(KeelsonMember.class).size() > 1);

        assertThat(world.status().clusterId()).isEqualTo("abcd");
    }

    @Test
    void scalesOutAndInWithoutUsingAnOrdinalTwice() {
        world.apply(ClusterSpec.defaults());
        world.settle();

        scale(5);
        scale(3);
        scale(4);

        assertThat(world.store().hosts()).containsExactly("c-0", "c-1", "c-2", "c-5");
        assertThat(world.kubernetes().names(PersistentVolumeClaim.class))
                .containsExactly(World.claim("c-0"), World.claim("c-1"), World.claim("c-2"), World.claim("c-5"));
        assertThat(world.store().ids()).doesNotHaveDuplicates().hasSize(6);
    }

    @Test
    void aLeaderHandsOverBeforeItLeaves() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        world.store().moveLeader(world.store().leaderHost(), world.store().ids().getLast());

        scale(1);

        assertThat(world.store().hosts()).containsExactly("c-0");
        assertThat(world.writes().done()).anyMatch(write -> write.startsWith("leader"));
    }

    @Test
    void aPodThatIsDeletedComesBackOnItsVolume() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        var ids = world.store().ids();

        world.deletePod("c-1");
        world.turn();
        world.settle();

        assertThat(world.store().ids()).isEqualTo(ids);
    }

    @Test
    void aMemberWhoseVolumeIsLostIsReplacedUnderAnotherId() {
        world.apply(ClusterSpec.defaults());
        world.settle();

        world.deleteClaim("c-1");
        world.deletePod("c-1");
        world.turn();
        world.settle();

        assertThat(world.store().hosts()).containsExactly("c-0", "c-2", "c-3");
        assertThat(world.kubernetes().names(KeelsonMember.class)).containsExactly("c-0", "c-2", "c-3");
        assertThat(world.kubernetes().names(Secret.class)).doesNotContain("c-1-tls");
    }

    @Test
    void theOnlyMemberIsNeverStartedEmpty() {
        world.apply(World.with("{\"members\":1}").apply(ClusterSpec.defaults()));
        world.settle();

        world.deleteClaim("c-0");
        world.deletePod("c-0");
        for (int turn = 0; turn < 20; turn++) {
            world.turn();
        }

        assertThat(world.status().phase()).isEqualTo("QuorumLost");
        assertThat(world.kubernetes().names(PersistentVolumeClaim.class)).isEmpty();
        assertThat(world.store().ids()).hasSize(1);
    }

    @Test
    void aMemberThatNoNodeTakesIsReplacedOnlyAfterTheTimeToBear() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        world.unplaceable("c-2");
        world.turn();
        world.turn();
        assertThat(world.store().hosts()).contains("c-2");

        world.pass(Duration.ofMinutes(6));
        world.settle();

        assertThat(world.store().hosts()).containsExactly("c-0", "c-1", "c-3");
    }

    @Test
    void aChangeRestartsOneAfterTheOtherAndTheLeaderLast() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        String leader = world.store().leaderHost();

        world.edit(World.with("{\"server\":{\"extraOptions\":{\"max-txn-ops\":\"256\"}}}"));
        world.settle();

        var restarts = world.events().stream()
                .filter(event -> event.startsWith("RestartPod"))
                .toList();
        assertThat(restarts).hasSize(3).allMatch(event -> event.endsWith("server changed"));
        assertThat(restarts.getLast()).contains(leader);
        assertThat(world.store().leaderHost()).isNotEqualTo(leader);
    }

    @Test
    void aBadImageStopsAfterOneMemberAndGoesBackWithTheSpecification() {
        world.apply(ClusterSpec.defaults());
        world.settle();

        world.edit(World.with("{\"image\":{\"repository\":\"bad\"}}"));
        for (int turn = 0; turn < 60; turn++) {
            world.turn();
        }
        assertThat(world.status().members()).isEqualTo(2);
        assertThat(world.store().voters()).isEqualTo(3);
        assertThat(condition("Degraded").getMessage())
                .isEqualTo("2 of 3 voters are healthy; c-1: ImagePullBackOff: no such image");

        world.edit(World.with("{\"image\":{}}"));
        world.settle();

        assertThat(condition("Degraded").getStatus()).isEqualTo("False");

        assertThat(world.store().hosts()).containsExactly("c-0", "c-1", "c-2");
    }

    @Test
    void aSpecificationWithProblemsTouchesNobody() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        int writes = world.writes().done().size();

        world.edit(World.with("{\"members\":5,\"server\":{\"extraOptions\":{\"data-dir\":\"/tmp\"}}}"));
        for (int turn = 0; turn < 20; turn++) {
            world.turn();
        }

        assertThat(world.store().voters()).isEqualTo(3);
        assertThat(world.writes().done().subList(writes, world.writes().done().size()))
                .allMatch(write -> write.startsWith("status of KeelsonCluster"));
        assertThat(world.status().conditions())
                .anyMatch(condition -> condition.getType().equals("SpecValid")
                        && condition.getStatus().equals("False")
                        && condition.getMessage().contains("data-dir"));
        world.deletePod("c-1");
        world.turn();
        world.until("repaired though", w -> w.status().members() == 3);
    }

    @Test
    void whilePausedNothingIsDoneToMembers() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        world.edit(World.with("{\"paused\":true,\"members\":5}"));

        for (int turn = 0; turn < 20; turn++) {
            world.turn();
        }

        assertThat(world.store().voters()).isEqualTo(3);
        assertThat(world.status().phase()).isEqualTo("Paused");
        assertThat(world.status().plan()).anyMatch(step -> step.step().equals("CreateMember"));
    }

    @Test
    void aRecordThatSomebodyDeletedIsMadeAgainForTheSameMember() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        var ids = world.store().ids();

        world.kubernetes().remove(KeelsonMember.class, "c-1");
        world.turn();
        world.settle();

        assertThat(world.store().ids()).isEqualTo(ids);
        assertThat(world.kubernetes().names(Pod.class)).containsExactly("c-0", "c-1", "c-2");
    }

    @Test
    void settledMeansThatNothingIsWritten() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        world.turn();
        int writes = world.writes().done().size();

        for (int turn = 0; turn < 10; turn++) {
            world.turn();
        }

        assertThat(world.writes().done()).hasSize(writes);
    }

    @Test
    void theOneThatIsIllLeavesFirst() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        world.breakMember("c-0");
        world.turn();

        scale(2);

        assertThat(world.store().hosts()).containsExactly("c-1", "c-2");
    }

    @Test
    void aNewMemberForWhichThereIsNoPlaceIsWaitedForAndNotReplaced() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        world.unplaceable("c-3");
        world.edit(World.with("{\"members\":5}"));
        for (int turn = 0; turn < 10; turn++) {
            world.turn();
            world.pass(Duration.ofMinutes(6));
        }
        assertThat(world.membersEver()).hasSize(4);

        scale(3);

        assertThat(world.store().hosts()).containsExactly("c-0", "c-1", "c-2");
    }

    @Test
    void aLargerVolumeIsAskedForInPlace() {
        world.apply(ClusterSpec.defaults());
        world.settle();

        world.edit(World.with("{\"storage\":{\"size\":\"20Gi\"}}"));
        world.settle();

        assertThat(world.events()).noneMatch(event -> event.startsWith("RestartPod"));
        PersistentVolumeClaim claim =
                Objects.requireNonNull(world.kubernetes().get(PersistentVolumeClaim.class, "ns", World.claim("c-1")));
        assertThat(claim.getSpec().getResources().getRequests()).hasToString("{storage=20Gi}");
    }

    @Test
    void certificatesAreRenewedInTimeAndNobodyIsRestartedForIt() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        Secret before = Objects.requireNonNull(world.kubernetes().get(Secret.class, "ns", "c-0-tls"));
        world.edit(World.with("{\"paused\":true}"));

        world.pass(Duration.ofDays(61));
        world.turn();

        Secret after = Objects.requireNonNull(world.kubernetes().get(Secret.class, "ns", "c-0-tls"));
        assertThat(after.getData().get("tls.crt")).isNotEqualTo(before.getData().get("tls.crt"));
        assertThat(after.getData().get("ca.crt")).isEqualTo(before.getData().get("ca.crt"));
        assertThat(world.events()).noneMatch(event -> event.startsWith("RestartPod"));
    }

    @Test
    void anEvenNumberIsWarnedAbout() {
        world.apply(World.with("{\"members\":2}").apply(ClusterSpec.defaults()));

        world.settle();

        assertThat(world.events()).anyMatch(event -> event.contains("2 members tolerate no more failures than 1"));
    }

    @Test
    void aDryRunPlansAndDoesNothing() {
        world.apply(ClusterSpec.defaults());
        world.settle();
        var cluster = world.cluster();
        cluster.getMetadata().setAnnotations(Map.of(Labels.DRY_RUN, "true"));
        world.kubernetes().edit(cluster);
        world.edit(World.with("{\"members\":5}"));

        for (int turn = 0; turn < 10; turn++) {
            world.turn();
        }

        assertThat(world.status().plan()).anyMatch(step -> step.step().equals("CreateMember"));
        assertThat(world.store().voters()).isEqualTo(3);
    }

    private void scale(int members) {
        world.edit(World.with("{\"members\":" + members + "}"));
        world.settle();
    }

    private Condition condition(String type) {
        return world.status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private int minAvailable() {
        return Objects.requireNonNull(world.kubernetes().get(PodDisruptionBudget.class, "ns", "c"))
                .getSpec()
                .getMinAvailable()
                .getIntVal();
    }
}
