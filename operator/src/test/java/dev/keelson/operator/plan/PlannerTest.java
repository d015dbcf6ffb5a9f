package dev.keelson.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.KeelsonMember.Leaving;
import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.ClusterObservation.Identity;
import dev.keelson.operator.observe.ClusterObservation.Rollout;
import dev.keelson.operator.observe.ClusterObservation.Versions;
import dev.keelson.operator.observe.ClusterObservation.Wish;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MemberObservation.Claim;
import dev.keelson.operator.observe.MemberObservation.Pod;
import dev.keelson.operator.observe.MemberObservation.Trouble;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreMember.Health;
import dev.keelson.operator.observe.StoreObservation;
import dev.keelson.operator.observe.StoreObservation.Agreement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of every plan, asked of observations of every kind, also those that no sane world shows. */
final class PlannerTest {
    private static final int STATES_A_SEED = 2_000;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    static java.util.stream.LongStream seeds() {
        return java.util.stream.LongStream.range(0, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aStepThatIsTakenNeverEndangersTheQuorum(long seed) {
        Random random = new Random(seed);
        for (int state = 0; state < STATES_A_SEED; state++) {
            ClusterObservation seen = observation(random);
            for (PlannedStep planned : Planner.plan(seen).nextSteps()) {
                check(seen, planned);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void oneUnsafeStepIsTakenAtMostAndNoStepTwice(long seed) {
        Random random = new Random(seed);
        for (int state = 0; state < STATES_A_SEED; state++) {
            ClusterObservation seen = observation(random);
            List<PlannedStep> next = Planner.plan(seen).nextSteps();
            assertThat(next.stream()
                            .filter(planned -> planned.step().isUnsafe())
                            .count())
                    .as(seen.toString())
                    .isLessThanOrEqualTo(1);
            assertThat(next.stream().map(PlannedStep::step)).as(seen.toString()).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void thePlanOfAnObservationIsAlwaysTheSame(long seed) {
        for (int state = 0; state < STATES_A_SEED; state++) {
            ClusterObservation first = observation(new Random(seed + state));
            ClusterObservation second = observation(new Random(seed + state));
            assertThat(Planner.plan(first)).isEqualTo(Planner.plan(second));
        }
    }

    private static void check(ClusterObservation seen, PlannedStep planned) {
        StoreObservation store = seen.store();
        int voters = store.voters().size();
        String state = planned + " in " + seen;
        switch (planned.step()) {
            case Step.RestartPod restart -> {
                StoreMember member = host(seen, restart.member());
                checkRollout(seen, restart.member(), state);
                if (member != null && !member.learner() && member.isHealthy() && voters > 2) {
                    assertThat(healthyBeside(store, member)).as(state).isEqualTo(voters - 1);
                }
            }
            case Step.RemoveMember remove -> {
                StoreMember member = store.members().stream()
                        .filter(m -> m.id() == remove.memberId())
                        .findFirst()
                        .orElseThrow();
                assertThat(store.quorate()).as(state).isTrue();
                if (!member.learner()) {
                    assertThat(voters).as(state).isGreaterThan(1);
                    assertThat(healthyBeside(store, member)).as(state).isGreaterThanOrEqualTo(majority(voters - 1));
                }
            }
            case Step.PromoteLearner promote -> {
                StoreMember learner = host(seen, promote.member());
                assertThat(learner)
                        .as(state)
                        .isNotNull()
                        .satisfies(l -> assertThat(l.isHealthy()).isTrue());
                assertThat(store.healthyVoters().size() + 1).as(state).isGreaterThanOrEqualTo(majority(voters + 1));
            }
            case Step.AddLearner add -> {
                assertThat(store.quorate()).as(state).isTrue();
                assertThat(store.members()).as(state).noneMatch(StoreMember::learner);
            }
            case Step.MoveLeader move ->
                assertThat(store.healthyVoters()).as(state).anyMatch(voter -> voter.id() == move.targetId());
            case Step.CreateClaim create -> {
                StoreMember member = host(seen, create.member());
                assertThat(seen.identity().clusterId() == null || member != null && !member.hasStarted())
                        .as(state)
                        .isTrue();
            }
            case Step.DeleteClaim delete -> assertOut(seen, delete.member(), state);
            case Step.ClearPod clear -> {
                MemberObservation member = member(seen, clear.member());
                if (member.pod() != null && !member.pod().ended()) {
                    assertOut(seen, clear.member(), state);
                }
            }
            case Step.ForgetMember forget -> assertOut(seen, forget.member(), state);
            case Step.CreateMember create ->
                assertThat(create.ordinal() >= seen.identity().nextOrdinal() || host(seen, create.member()) != null)
                        .as(state)
                        .isTrue();
            case Step.CreatePod create -> checkStart(seen, create.member(), state);
            case Step.LatchIdentity latch -> assertThat(voters).as(state).isEqualTo(1);
            case Step.RecordMember record ->
                assertThat(host(seen, record.member())).as(state).isNotNull();
            case Step.LabelPod label -> assertThat(store.quorate()).as(state).isTrue();
            case Step.GrowClaim grow ->
                assertThat(member(seen, grow.member()).claim()).as(state).isNotNull();
            case Step.OfTheCluster step -> checkOfTheCluster(seen, step, state);
            case Step.MarkLeaving mark ->
                assertThat(mark.intent() == null || store.quorate()).as(state).isTrue();
        }
    }

    private static void checkOfTheCluster(ClusterObservation seen, Step.OfTheCluster step, String state) {
        StoreObservation store = seen.store();
        Agreement agreement = store.agreement();
        assertThat(store.quorate()).as(state).isTrue();
        switch (step) {
            case Step.EnableDowngrade enable -> {
                assertThat(store.healthyVoters())
                        .as(state)
                        .hasSize(store.voters().size());
                assertThat(agreement.downgradeTarget()).as(state).isNull();
                assertThat(MinorVersion.parse(enable.target())).as(state).isLessThan(agreement.version());
            }
            case Step.LatchVersion latch ->
                assertThat(agreement.isDown()).as(latch + state).isTrue();
            case Step.CancelDowngrade cancel ->
                assertThat(seen.staying()).as(cancel + state).noneMatch(member -> isNewer(seen, member));
            case Step.EnableAuth enable ->
                assertThat(agreement.auth()).as(enable + state).isFalse();
            case Step.DisableAuth disable ->
                assertThat(agreement.auth()).as(disable + state).isTrue();
        }
    }

    private static void checkStart(ClusterObservation seen, String name, String state) {
        boolean founding = seen.identity().clusterId() == null;
        boolean mixed = seen.staying().stream().anyMatch(other -> isNewer(seen, other));
        assertThat(founding || mayRun(seen, member(seen, name))).as(state).isTrue();
        assertThat(founding || !mixed || isRead(seen)).as(state).isTrue();
    }

    /** Who serves is restarted in its time only, and on data that it can read. */
    private static void checkRollout(ClusterObservation seen, String name, String state) {
        MemberObservation member = member(seen, name);
        if (member.pod() != null && member.pod().trouble() == Trouble.NONE) {
            assertThat(seen.wish().rollout().waitsFor()).as(state).isNull();
            assertThat(isRead(seen) || !isNewer(seen, member)).as(state).isTrue();
        }
    }

    /** Whether the store writes what the version in force can read, or somebody shows that it can. */
    private static boolean isRead(ClusterObservation seen) {
        return seen.store().agreement().isDown()
                || seen.staying().stream()
                        .filter(other -> other.pod() != null && seen.inStore(other) != null)
                        .anyMatch(other -> !isNewer(seen, other));
    }

    private static boolean isNewer(ClusterObservation seen, MemberObservation member) {
        return member.pod() != null
                && MinorVersion.isOlder(
                        seen.wish().versions().inForce(), member.pod().version());
    }

    /** Who leaves for want of data or place does not come back; who leaves because fewer are wanted votes to the end. */
    private static boolean mayRun(ClusterObservation seen, MemberObservation member) {
        boolean out = seen.store().quorate() && seen.inStore(member) == null;
        return member.leaving() == null || member.leaving() == Leaving.ScaleIn && !out;
    }

    /** Volumes, Pods and records go only when a quorum says that the member does not belong to it. */
    private static void assertOut(ClusterObservation seen, String member, String state) {
        assertThat(seen.store().quorate()).as(state).isTrue();
        assertThat(host(seen, member)).as(state).isNull();
    }

    private static int majority(int voters) {
        return voters / 2 + 1;
    }

    private static long healthyBeside(StoreObservation store, StoreMember except) {
        return store.healthyVoters().stream()
                .filter(voter -> voter.id() != except.id())
                .count();
    }

    private static @Nullable StoreMember host(ClusterObservation seen, String name) {
        return seen.store().members().stream()
                .filter(member -> member.host().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static MemberObservation member(ClusterObservation seen, String name) {
        return seen.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ClusterObservation observation(Random random) {
        int count = random.nextInt(6);
        List<MemberObservation> members = new ArrayList<>();
        List<StoreMember> inStore = new ArrayList<>();
        boolean latched = count != 1 || random.nextInt(3) > 0;
        boolean healthy = random.nextBoolean();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            boolean listed = random.nextInt(6) > 0;
            if (listed) {
                boolean learner = ordinal > 0 && random.nextInt(5) == 0;
                inStore.add(new StoreMember(
                        100 + ordinal,
                        learner && random.nextBoolean() ? "" : "c-" + ordinal,
                        "c-" + ordinal,
                        learner,
                        healthy || random.nextInt(4) > 0 ? health(random) : null));
            }
            if (random.nextInt(10) > 0) {
                Long id = latched && random.nextInt(8) > 0 ? Long.valueOf(100 + ordinal) : null;
                members.add(member(random, ordinal, id));
            }
        }
        boolean quorate = random.nextInt(5) > 0;
        Wish wish = new Wish(
                1 + random.nextInt(6),
                Duration.ofMinutes(5),
                random.nextBoolean(),
                10,
                Map.of("image", "new"),
                new Versions(version(random), random.nextInt(8) == 0 ? null : version(random)),
                new Rollout(random.nextInt(8) == 0 ? "its time" : null),
                random.nextInt(8) == 0);
        return new ClusterObservation(
                "c",
                wish,
                new Identity(latched ? Long.valueOf(7) : null, count),
                members,
                new StoreObservation(quorate, 7, inStore, agreement(random)),
                NOW);
    }

    private static String version(Random random) {
        return random.nextInt(3) == 0 ? "0.2.0" : "0.1.0";
    }

    private static Agreement agreement(Random random) {
        MinorVersion version = new MinorVersion(3, 7 + random.nextInt(2));
        MinorVersion target = random.nextBoolean() ? null : new MinorVersion(3, 6 + random.nextInt(2));
        return new Agreement(random.nextInt(8) == 0 ? null : version, target, random.nextInt(8) == 0);
    }

    private static MemberObservation member(Random random, int ordinal, @Nullable Long id) {
        Leaving[] reasons = Leaving.values();
        boolean terminating = random.nextInt(8) == 0;
        Pod pod = new Pod(
                "pod-" + ordinal,
                "10.0.0.1",
                random.nextInt(8) == 0,
                terminating,
                random.nextInt(4) > 0,
                Trouble.values()[random.nextInt(Trouble.values().length)],
                Map.of("image", random.nextBoolean() ? "new" : "old"),
                random.nextBoolean() ? "voter" : "learner",
                version(random));
        Claim claim = new Claim("claim-" + ordinal, random.nextInt(10) == 0, random.nextInt(10) == 0, 10);
        return new MemberObservation(
                "c-" + ordinal,
                ordinal,
                id,
                random.nextInt(5) == 0 ? reasons[random.nextInt(reasons.length)] : null,
                random.nextInt(5) == 0 ? null : pod,
                random.nextInt(5) == 0 ? null : claim,
                random.nextBoolean() ? null : NOW.minusSeconds(random.nextInt(600)));
    }

    private static Health health(Random random) {
        long behind = random.nextInt(4) == 0 ? 9_000 : 0;
        return new Health(
                100 + random.nextInt(3),
                10_000,
                10_000 - behind,
                5,
                "3.7.0",
                20_480,
                random.nextInt(10) == 0 ? List.of("CORRUPT") : List.of());
    }
}
