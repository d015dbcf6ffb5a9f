package dev.keelson.sim.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.watch.WatchLimits;
import dev.keelson.sim.cluster.ClusterOptions;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.disk.DiskFaults;
import dev.keelson.sim.network.Network;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Journal;
import dev.keelson.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MembershipClusterTest {

    private static final long STEP_MICROS = 10_000;
    private static final long PATIENCE_MICROS = 30 * World.MICROS_PER_SECOND;
    private static final double LOSS = 0.3;

    /** Long enough for what a request may take to have happened by then, if it did not happen at once. */
    private static final long WHILE_MICROS = 20 * World.MICROS_PER_SECOND;

    private World world = new World(1, Journal.NONE);
    private SimCluster cluster = start(0);

    private SimCluster start(double loss) {
        world = new World(1, Journal.NONE);
        var started = new SimCluster(
                world,
                new ClusterOptions(
                        3,
                        10,
                        1_000,
                        100,
                        1 << 16,
                        NodeLimits.LEASE_CHECKPOINT_MILLIS,
                        MaintenanceConfig.DEFAULT,
                        WatchLimits.DEFAULTS,
                        0,
                        0,
                        new Network.Faults(loss, loss, loss, 5_000),
                        DiskFaults.NONE),
                new Goals());
        started.members().forEach(SimMember::start);
        cluster = started;
        await("everybody serves", () -> started.members().stream().allMatch(SimMember::isServing));
        return started;
    }

    private void await(String what, BooleanSupplier reached) {
        long begin = world.nowMicros();
        while (!reached.getAsBoolean()) {
            if (world.nowMicros() - begin > PATIENCE_MICROS) {
                throw new AssertionError("not reached: " + what);
            }
            world.pass(STEP_MICROS);
        }
    }

    /** What came of a request, once something has. */
    private static final class Answer<T> implements Reply<T> {
        private @Nullable T result;
        private @Nullable StoreError error;
        private int times;

        @Override
        public void succeed(T value) {
            result = value;
            times++;
        }

        @Override
        public void fail(StoreException refused) {
            error = refused.error();
            times++;
        }
    }

    private <T> Answer<T> begin(SimMember member, BiConsumer<NodeEngine, Reply<T>> request) {
        var answer = new Answer<T>();
        member.request(engine -> request.accept(engine, answer));
        return answer;
    }

    private <T> Answer<T> ask(SimMember member, BiConsumer<NodeEngine, Reply<T>> request) {
        Answer<T> answer = begin(member, request);
        await("an answer", () -> answer.times > 0);
        return answer;
    }

    private Answer<List<Member>> add(SimMember through, Member added) {
        return ask(through, (engine, reply) -> engine.members().add(added, reply));
    }

    private SimMember leader() {
        await("a leader", () -> cluster.leader().isPresent());
        return cluster.leader().orElseThrow();
    }

    private SimMember follower() {
        SimMember leader = leader();
        return cluster.alive().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
    }

    private static Member unstarted(long id, boolean learner) {
        return new Member(id, "", List.of("http://p" + id), List.of(), learner);
    }

    private static List<Long> ids(@Nullable List<Member> members) {
        assertThat(members).isNotNull();
        return members.stream().map(Member::id).toList();
    }

    @Test
    void aLearnerThatIsAddedThroughAFollowerJoinsCatchesUpAndIsPromotedThroughAFollower() {
        SimMember joining = cluster.addMember();
        Answer<List<Member>> added = add(follower(), unstarted(joining.id(), true));
        assertThat(ids(added.result)).containsExactly(1L, 2L, 3L, 4L);
        joining.start();
        await("it serves", joining::isServing);

        Answer<List<Member>> promoted =
                ask(follower(), (engine, reply) -> engine.members().promote(joining.id(), reply));

        assertThat(promoted.error).isNull();
        Member voter = joining.knownMembers().getLast();
        assertThat(voter.learner()).isFalse();
        assertThat(voter.name()).isEqualTo("m4");
    }

    @Test
    void aLearnerThatHasNotCaughtUpAVoterAndAStrangerAreNotPromoted() {
        SimMember joining = cluster.addMember();
        add(leader(), unstarted(joining.id(), true));

        assertThat(promotion(follower(), joining.id())).isEqualTo(StoreError.LEARNER_NOT_READY);
        assertThat(promotion(follower(), leader().id())).isEqualTo(StoreError.NOT_A_LEARNER);
        assertThat(promotion(leader(), 77)).isEqualTo(StoreError.MEMBER_NOT_FOUND);
    }

    private @Nullable StoreError promotion(SimMember through, long id) {
        return this.<List<Member>>ask(
                        through, (engine, reply) -> engine.members().promote(id, reply))
                .error;
    }

    @Test
    void manyChangesAtOnceAllFindTheirTurn() {
        List<SimMember> asked = cluster.members();
        List<Answer<List<Member>>> answers = IntStream.range(0, 12)
                .mapToObj(i -> this.<List<Member>>begin(
                        asked.get(i % asked.size()),
                        (engine, reply) -> engine.members().update(1 + i % 3, List.of("http://moved" + i), reply)))
                .toList();

        await("all answers", () -> answers.stream().allMatch(answer -> answer.times > 0));

        assertThat(answers).allMatch(answer -> answer.error == null);
    }

    @Test
    void everyChangeTakesEffectOnceOverANetworkThatLosesDoublesAndReplays() {
        start(LOSS);
        var heard = new ArrayList<Answer<List<Member>>>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            heard.add(ask(
                    cluster.members().get(i % 3),
                    (engine, reply) -> engine.members().update(1, List.of("http://moved" + number), reply)));
        }
        world.pass(WHILE_MICROS);

        assertThat(heard).allMatch(answer -> answer.times == 1);
        Answer<List<Member>> last = heard.getLast();
        if (last.error == null) {
            assertThat(leader().knownMembers().getFirst().peerUrls()).containsExactly("http://moved19");
        }
        assertThat(heard.stream().filter(answer -> answer.error == null)).hasSizeGreaterThan(10);
    }

    @Test
    void aRefusalComesFromTheLogWithItsReason() {
        SimMember asked = follower();

        assertThat(add(asked, unstarted(1, false)).error).isEqualTo(StoreError.MEMBER_EXISTS);
        assertThat(add(asked, new Member(4, "", List.of("http://p2"), List.of(), false)).error)
                .isEqualTo(StoreError.PEER_URL_EXISTS);
        add(asked, unstarted(4, true));
        assertThat(add(asked, unstarted(5, true)).error).isEqualTo(StoreError.TOO_MANY_LEARNERS);
    }

    @Test
    void aMemberMayRemoveItself() {
        SimMember leader = leader();

        Answer<List<Member>> removed =
                ask(leader, (engine, reply) -> engine.members().remove(leader.id(), reply));

        assertThat(ids(removed.result)).hasSize(2).doesNotContain(leader.id());
        assertThat(leader.engine().isRemoved(leader.id())).isTrue();
        leader.lose("removed");
        await("another leads", () -> cluster.leader().isPresent());
    }

    @Test
    void theLeaderMovesWhereItIsSentByTheOneWhoLeads() {
        SimMember former = leader();
        SimMember next = follower();

        assertThat(move(next, former.id()).error).isEqualTo(StoreError.NOT_LEADER);
        assertThat(move(former, 77).error).isEqualTo(StoreError.BAD_LEADER_TRANSFEREE);
        assertThat(move(former, former.id()).error).isNull();
        assertThat(move(former, next.id()).error).isNull();

        assertThat(leader()).isSameAs(next);
    }

    @Test
    void aMoveToAMemberThatIsDownIsGivenUp() {
        SimMember leader = leader();
        SimMember down = follower();
        down.crash();

        assertThat(move(leader, down.id()).error).isEqualTo(StoreError.TIMEOUT_LEADER_TRANSFER);
    }

    private Answer<Long> move(SimMember through, long target) {
        return ask(through, (engine, reply) -> engine.members().moveLeader(target, reply));
    }
}
