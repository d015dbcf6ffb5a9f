package dev.keelson.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Edits of all kinds, ten a minute for ten minutes ({@code -De2e.minutes}), while Pods are killed and clients write;
 * {@code -De2e.seed} repeats the choices. Clusters have three to five members: with fewer no restart spares the quorum.
 *
 * <p>Two losses at once may cost a quorum for a while whoever caused the second. What the operator is held to is that it was
 * not the operator: it stops or removes no member while it can know that another is gone, and none but killed Pods are at
 * hand when clients have to wait for long.
 */
class RandomEditsTest {

    private static final int MINUTES = Integer.getInteger("e2e.minutes", 10);
    private static final int EDITS = 10 * MINUTES;
    private static final Duration BETWEEN_EDITS = Duration.ofSeconds(6);
    private static final Duration TIME_OF_EDIT_MAX = Duration.ofMinutes(1);
    private static final int EDITS_FOR_EACH_TRY = 2;

    /** No election takes that long; a member that is away and needed does. */
    private static final Duration STALL_MAX = Duration.ofSeconds(5);

    /** A member that was killed is back after that on a slow machine. */
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);

    /** A pass that began before a kill may take its step after it. */
    private static final Duration PASS_MAX = Duration.ofSeconds(5);

    private static final Duration STALL_OF_ALL_MAX = Duration.ofMinutes(2);

    private final long seed = Long.getLong("e2e.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Kill> kills = new ArrayList<>();
    private Kubernetes kubernetes;

    /** A Pod that was killed, and until when nothing ran in its place: for ever as long as nobody has seen its successor. */
    private record Kill(String pod, String uid, Instant at, Instant until) {
        Kill over(Instant end) {
            return new Kill(pod, uid, at, end);
        }

        boolean isOpen() {
            return until.equals(Instant.MAX);
        }
    }

    @BeforeEach
    void asked() {
        kubernetes = Kubernetes.asked();
    }

    @Test
    void clustersConvergeWhenEditsStopAndKeepTheirQuorumMeanwhile() {
        Flow.show("random edits, -De2e.seed=" + seed);
        try (Flow flow = Flow.start(kubernetes, "edits", Flow.spec(3, "Preferred"))) {
            OperatedCluster cluster = flow.cluster();
            flow.during(EDITS + " random edits", STALL_OF_ALL_MAX, () -> {
                for (int edit = 0; edit < EDITS; edit++) {
                    Instant begun = Instant.now();
                    cluster.patch(edit());
                    if (random.nextInt(EDITS_FOR_EACH_TRY) == 0) {
                        kill(cluster);
                    }
                    Await.until("the next edit", TIME_OF_EDIT_MAX, OperatedCluster.LOOK_EVERY, () -> {
                        lookAfterKilled(cluster);
                        return !Instant.now().isBefore(begun.plus(BETWEEN_EDITS));
                    });
                }
                Flow.show("%d edits and %d kills made".formatted(EDITS, kills.size()));
                cluster.patch("{paused: false, members: 3}");
                cluster.awaitReady();
                lookAfterKilled(cluster);
            });
            cluster.awaitNothingLeftBut(3);
            assertThat(cluster.ids()).hasSize(3).doesNotHaveDuplicates();
            List<Load.Stall> stalls = flow.stallsLongerThan(STALL_MAX);
            Flow.show("stalls: " + stalls.stream().map(Load.Stall::length).toList());
            assertThat(stalls).as("stalls without a kill, of kills " + kills).allMatch(this::hasItsKill);
            assertThat(cluster.events()).noneMatch(this::tookAnotherMemberThanTheOneThatWasGone);
        }
    }

    private String edit() {
        String what = switch (random.nextInt(5)) {
            case 0, 1 -> "members: " + (3 + random.nextInt(3));
            case 2 -> "resources: {requests: {cpu: %dm}}".formatted(50 + random.nextInt(4));
            case 3 -> "server: {extraOptions: {max-txn-ops: '%d'}}".formatted(128 + random.nextInt(4));
            default -> "podTemplate: {annotations: {edit: '%d'}}".formatted(random.nextInt(4));
        };
        boolean paused = random.nextInt(5) == 0;
        return "{paused: " + paused + ", " + what + "}";
    }

    /** Kills a Pod, unless what is left would be no quorum: that would be the doing of the test. */
    private void kill(OperatedCluster cluster) {
        List<String> pods = cluster.readyMembers();
        if (pods.size() > cluster.ids().size() / 2 + 1) {
            String pod = pods.get(random.nextInt(pods.size()));
            Instant now = Instant.now();
            cluster.kill(pod).ifPresent(uid -> kills.add(new Kill(pod, uid, now, Instant.MAX)));
        }
    }

    /** Who was killed and runs again, or is no member any more. */
    private void lookAfterKilled(OperatedCluster cluster) {
        kills.replaceAll(kill -> {
            if (!kill.isOpen()) {
                return kill;
            }
            if (!cluster.members().contains(kill.pod())) {
                return kill.over(kill.at());
            }
            return cluster.startOfOtherThan(kill.pod(), kill.uid())
                    .map(kill::over)
                    .orElse(kill);
        });
    }

    private boolean hasItsKill(Load.Stall stall) {
        return kills.stream()
                .anyMatch(kill -> kill.at().isBefore(stall.to())
                        && kill.at().plus(RECOVERY_MAX).isAfter(stall.from()));
    }

    /** An event of a step that stopped or removed a member while a killed one had not even started again. */
    private boolean tookAnotherMemberThanTheOneThatWasGone(OperatedCluster.Event event) {
        boolean takes = event.reason().equals("RestartPod") || event.reason().equals("RemoveMember");
        return takes
                && kills.stream()
                        .anyMatch(kill -> !event.note().startsWith(kill.pod() + ":")
                                && event.at().isAfter(kill.at().plus(PASS_MAX))
                                && event.at().isBefore(kill.until()));
    }
}
