package dev.keelson.sim.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.lease.LeaseGrant;
import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.lease.LeaseWorld.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseClusterTest {

    private static final long TTL = 20;

    /** What a lease may live longer than its time: an election time-out, a tick, the revoke, and clocks that drift. */
    private static final double SLACK_SECONDS = 2;

    @Test
    void everyMemberTakesEveryRequest() {
        var world = LeaseWorld.calm(1);
        for (SimMember member : world.cluster.members()) {
            long id = world.grant(member, 0, 60);
            assertThat(id).isPositive();
            world.put(member, "b" + id, id);
            world.put(member, "a" + id, id);

            for (SimMember other : world.cluster.members()) {
                assertThat(world.keepAlive(other, id)).isEqualTo(60);
                var ttl = world.timeToLive(other, id);
                assertThat(ttl.grantedSeconds()).isEqualTo(60);
                assertThat(ttl.remainingSeconds()).isEqualTo(59);
                assertThat(ttl.keys().stream().map(key -> new String(key, StandardCharsets.UTF_8)))
                        .containsExactly("a" + id, "b" + id);
                assertThat(world.list(other)).contains(id);
            }
            world.revoke(member, id);
            assertThat(world.keepAlive(member, id)).isZero();
            assertThat(world.timeToLive(member, id).remainingSeconds()).isEqualTo(-1);
        }
        assertThat(world.keys(world.leader())).isEmpty();
    }

    @Test
    void refusalsAreThoseOfEtcd() {
        var world = LeaseWorld.calm(2);
        world.grant(world.leader(), 7, 10);

        assertThat(error(world, 7, 10)).isEqualTo(StoreError.LEASE_EXISTS);
        assertThat(error(world, 8, 9_000_000_001L)).isEqualTo(StoreError.LEASE_TTL_TOO_LARGE);
        assertThat(world.<Long>ask(
                                world.follower(),
                                (engine, reply) -> engine.leases().revoke(9, reply))
                        .error())
                .hasMessage("etcdserver: requested lease not found");
        assertThat(world.keepAlive(world.follower(), 9)).isZero();
        assertThat(world.timeToLive(world.follower(), 0).remainingSeconds()).isEqualTo(-1);
    }

    private static StoreError error(LeaseWorld world, long id, long ttl) {
        StoreException error = world.<LeaseGrant>ask(
                        world.follower(), (engine, reply) -> engine.leases().grant(id, ttl, reply))
                .error();
        return Objects.requireNonNull(error).error();
    }

    @Test
    void tooShortATimeIsRaisedToOneAndAHalfElectionTimeOuts() {
        var world = LeaseWorld.calm(3);
        for (long ttl : new long[] {Long.MIN_VALUE, -1, 0, 1, 2}) {
            long id = world.grant(world.leader(), 0, ttl);
            assertThat(world.timeToLive(world.leader(), id).grantedSeconds()).isEqualTo(2);
        }
    }

    @Test
    void theLeaderListsWhatIsDueFirst() {
        var world = LeaseWorld.calm(4);
        world.grant(world.leader(), 1, 90);
        world.grant(world.leader(), 2, 30);
        world.grant(world.leader(), -3, 60);

        assertThat(world.list(world.leader())).containsExactly(2L, -3L, 1L);
        assertThat(world.list(world.follower())).containsExactlyInAnyOrder(1L, 2L, -3L);
    }

    @Test
    void aLeaseExpiresOnceInItsTimeWithAllItsKeysInOneRevision() {
        var world = LeaseWorld.calm(5);
        SimMember leader = world.leader();
        long id = world.grant(leader, 0, TTL);
        world.put(leader, "k2", id);
        world.put(leader, "k1", id);
        long before = world.put(leader, "other", 0).revision();

        double lived = world.await("expiry", () -> leader.engine().status().revision() > before);

        assertThat(lived).isBetween(TTL * (1 - LeaseWorld.DRIFT) - 1, TTL * (1 + LeaseWorld.DRIFT) + SLACK_SECONDS);
        assertThat(leader.engine().status().revision()).isEqualTo(before + 1);
        assertThat(world.keys(leader)).containsExactly("other");
        world.passSeconds(10);
        assertThat(leader.engine().status().revision()).isEqualTo(before + 1);
        assertThat(leader.engine().leases().expiredTotal()).isEqualTo(1);
        assertThat(leader.engine().leases().held()).isZero();
        assertThat(world.cluster.members())
                .allSatisfy(member ->
                        assertThat(member.engine().leases().revokedTotal()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8, 9, 10})
    void aGrantIsKnownToAKeepAliveOnAnyOtherMemberAtOnce(long seed) {
        var world = LeaseWorld.calm(seed);
        for (int round = 0; round < 30; round++) {
            SimMember granting = world.cluster.members().get(round % 3);
            SimMember renewing = world.cluster.members().get((round + 1) % 3);

            long id = world.grant(granting, 0, 30);

            assertThat(world.keepAlive(renewing, id)).as("etcd 13932").isEqualTo(30);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void aStalledLeaderRevokesNothingThatIsKeptAliveElsewhere(long seed) {
        var world = LeaseWorld.calm(seed);
        SimMember stalled = world.leader();
        long id = world.grant(stalled, 0, 3);
        world.put(stalled, "k", id);

        // Long enough for the stalled one to find the lease due, short enough for its proposals not to time out.
        long resumes = world.world.nowMicros() + 6 * LeaseWorld.SECOND_MICROS;
        stalled.pause();
        world.await("another leader", () -> world.cluster.leader().orElseThrow() != stalled);
        SimMember other = world.follower() == stalled ? world.leader() : world.follower();
        while (world.world.nowMicros() < resumes) {
            assertThat(world.keepAlive(other, id)).isEqualTo(3);
            world.passSeconds(0.3);
        }
        stalled.resume();
        for (int step = 0; step < 50; step++) {
            world.passSeconds(0.1);
            assertThat(world.keepAlive(other, id)).as("etcd 15247").isEqualTo(3);
        }

        assertThat(world.keys(world.leader())).containsExactly("k");
        assertThat(stalled.engine().leases().held()).isZero();
    }

    @Test
    void aLeaderCutOffFromTheOthersAnswersNoRenewal() {
        var world = LeaseWorld.calm(19);
        SimMember cutOff = world.leader();
        long id = world.grant(cutOff, 0, 60);
        List<Long> others = world.cluster.members().stream()
                .map(SimMember::id)
                .filter(member -> member != cutOff.id())
                .toList();
        world.cluster.network().part(List.of(cutOff.id()), others, false);

        Answer<Long> renewal =
                world.begin(cutOff, (engine, reply) -> engine.leases().keepAlive(id, reply));
        world.await("an answer", renewal::isThere);

        assertThat(renewal.error()).isNotNull();
        assertThat(Objects.requireNonNull(renewal.error()).error()).isIn(StoreError.TIMEOUT, StoreError.NO_LEADER);
    }

    @Test
    void aRenewalUnderWayWhenTheLeaderChangesIsAnsweredByTheNextOne() {
        var world = LeaseWorld.calm(20);
        SimMember former = world.leader();
        SimMember follower = world.follower();
        long id = world.grant(former, 0, 60);
        former.pause();

        Answer<Long> renewal =
                world.begin(follower, (engine, reply) -> engine.leases().keepAlive(id, reply));
        world.await("an answer", renewal::isThere);

        assertThat(renewal.result()).isEqualTo(60);
    }

    @Test
    void aRenewalThatItsClientGaveUpDoesNotReachTheNextLeader() {
        var world = LeaseWorld.calm(37);
        SimMember former = world.leader();
        SimMember follower = world.follower();
        long id = world.grant(former, 0, 60);
        former.pause();

        Answer<Long> renewal =
                world.begin(follower, (engine, reply) -> engine.leases().keepAlive(id, reply));
        renewal.giveUp();
        world.await("an answer", renewal::isThere);
        world.await("another leader", () -> world.leader() != former);

        assertThat(renewal.error()).isNotNull();
        assertThat(world.timeToLive(world.leader(), id).exists()).isTrue();
        assertThat(world.leader().engine().leases().renewedTotal()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void repeatedTransfersLeaveALeaseItsTimeAndABoundedSlack(long seed) {
        var world = LeaseWorld.calm(seed);
        long ttl = 3_600;
        long id = world.grant(world.leader(), 0, ttl);
        double lived = 0;
        int transfers = 0;

        // A note is made every five minutes: of each leader's six minutes of watching, one at most is forgotten.
        while (world.timeToLive(world.leader(), id).exists()) {
            assertThat(lived).isLessThan(ttl * (1 + LeaseWorld.DRIFT) + transfers * 90);
            world.passSeconds(360);
            lived += 360;
            world.transfer();
            transfers++;
        }

        assertThat(transfers).as("transfers survived").isGreaterThan(8);
        assertThat(lived).isGreaterThan(ttl * (1 - LeaseWorld.DRIFT));
    }

    @ParameterizedTest
    @ValueSource(longs = {25, 26, 27, 28})
    void aRenewalTakesBackWhatWasNotedOfTheTimeLeft(long seed) {
        var world = LeaseWorld.calm(seed);
        long id = world.grant(world.leader(), 0, 1_000);
        world.passSeconds(700);
        assertThat(world.timeToLive(world.transfer(), id).remainingSeconds()).isLessThan(750);

        assertThat(world.keepAlive(world.follower(), id)).isEqualTo(1_000);

        assertThat(world.timeToLive(world.transfer(), id).remainingSeconds()).isGreaterThanOrEqualTo(999);
    }

    @ParameterizedTest
    @ValueSource(longs = {29, 30, 31, 32, 33, 34, 35, 36})
    void noRenewalSucceedsThatBeganAfterARevokeWasAcknowledged(long seed) {
        var world = LeaseWorld.calm(seed);
        for (int round = 0; round < 20; round++) {
            long id = world.grant(world.follower(), 0, 30);
            List<Answer<Long>> renewals = new ArrayList<>();
            Answer<Long> revoke = world.begin(
                    world.cluster.members().get(round % 3),
                    (engine, reply) -> engine.leases().revoke(id, reply));
            for (int step = 0; step < 40; step++) {
                boolean revoked = revoke.isThere();
                SimMember member = world.cluster.members().get(step % 3);
                Answer<Long> renewal =
                        world.begin(member, (engine, reply) -> engine.leases().keepAlive(id, reply));
                if (revoked) {
                    renewals.add(renewal);
                }
                world.pass(1_000);
            }
            world.await("all answered", () -> renewals.stream().allMatch(Answer::isThere));
            assertThat(renewals).as("etcd 20615").isNotEmpty().allMatch(renewal -> renewal.result() == 0);
        }
    }

    @Test
    void aRenewalAtTheLastMomentIsGrantedOrAnsweredAfterTheEnd() {
        var world = LeaseWorld.calm(37);
        SimMember leader = world.leader();
        Set<Long> answers = new HashSet<>();
        for (int round = 0; round < 100; round++) {
            long id = world.grant(leader, 0, 2);
            world.put(leader, "k", id);
            world.pass(1_700_000 + round * 8_000);

            long answer = world.keepAlive(world.cluster.members().get(round % 3), id);

            answers.add(answer);
            assertThat(world.keys(leader)).hasSize(answer == 0 ? 0 : 1);
            world.passSeconds(answer * (1 - LeaseWorld.DRIFT));
            assertThat(world.keys(leader)).as("its whole time again").hasSize(answer == 0 ? 0 : 1);
            world.passSeconds(3);
        }
        assertThat(answers).containsExactlyInAnyOrder(0L, 2L);
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54})
    void aRenewalOfALeaseWhoseEndIsProposedWaitsForIt(long seed) {
        var world = LeaseWorld.calm(seed);
        SimMember leader = world.leader();
        for (int round = 0; round < 20; round++) {
            long id = world.grant(leader, 0, 2);
            world.put(leader, "k", id);
            long index = leader.engine().raftStatus().lastIndex();
            world.awaitClosely("an end", () -> leader.engine().raftStatus().lastIndex() > index);

            Answer<Long> renewal =
                    world.begin(leader, (engine, reply) -> engine.leases().keepAlive(id, reply));
            double waited = world.awaitClosely("an answer", renewal::isThere);

            assertThat(renewal.result()).isZero();
            assertThat(waited).isLessThan(1);
            assertThat(world.keys(leader)).isEmpty();
        }
    }

    @Test
    void aNewLeaderAnswersAtOnceForLeasesThatItHasNotReadYet() {
        var world = new LeaseWorld(38, 0, 60);
        int leases = 20 * NodeLimits.LEASES_LOADED_AT_ONCE;
        for (int first = 1; first < leases; first += 2_500) {
            List<Answer<LeaseGrant>> grants = new ArrayList<>();
            for (long id = first; id < first + 2_500; id++) {
                long granted = id;
                grants.add(world.begin(
                        world.leader(), (engine, reply) -> engine.leases().grant(granted, 60, reply)));
            }
            world.await("all granted", () -> grants.stream().allMatch(Answer::isThere));
        }

        for (int round = 0; round < 3; round++) {
            SimMember next = world.follower();
            world.leader().request(engine -> engine.transferLeader(next.id()));
            world.awaitClosely("the first leases", () -> next.engine().leases().held() > 0);
            Answer<Long> renewal =
                    world.begin(next, (engine, reply) -> engine.leases().keepAlive(leases, reply));
            Answer<LeaseTtl> ttl =
                    world.begin(next, (engine, reply) -> engine.leases().timeToLive(leases - 1L, false, reply));
            world.awaitClosely("answers", () -> renewal.isThere() && ttl.isThere());
            assertThat(next.engine().leases().held()).as("read so far").isLessThan(leases);
            assertThat(renewal.result()).isEqualTo(60);
            assertThat(ttl.result().grantedSeconds()).isEqualTo(60);
            world.await("the rest", () -> next.engine().leases().held() == leases);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {43, 44, 45, 46})
    void aLeaseGrantedAnewUnderTheIdOfOneThatIsDueLivesItsWholeTime(long seed) {
        var world = LeaseWorld.calm(seed);
        SimMember leader = world.leader();
        List<SimMember> followers = world.cluster.members().stream()
                .filter(member -> member != leader)
                .toList();
        int endsBehindTheGrant = 0;
        for (int round = 0; round < 5; round++) {
            world.grant(leader, 99, 2);
            world.pass(1_750_000);
            // Nothing is committed now: (1) the revoke and the grant go into the log; (2) the leader, which knows only
            // the
            // old lease, finds it due; (3) its expiry comes behind the grant.
            followers.forEach(SimMember::pause);
            world.<Long>begin(leader, (engine, reply) -> engine.leases().revoke(99, reply));
            Answer<LeaseGrant> grant =
                    world.begin(leader, (engine, reply) -> engine.leases().grant(99, 30, reply));
            world.pass(50_000);
            long index = leader.engine().raftStatus().lastIndex();
            world.pass(650_000);
            endsBehindTheGrant += leader.engine().raftStatus().lastIndex() > index ? 1 : 0;
            followers.forEach(SimMember::resume);

            world.await("an answer", grant::isThere);
            assertThat(grant.result().ttlSeconds()).isEqualTo(30);
            world.passSeconds(5);
            assertThat(world.timeToLive(leader, 99).exists()).isTrue();
            world.revoke(leader, 99);
        }
        assertThat(endsBehindTheGrant).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {47, 48, 49, 50})
    void questionsToTheLeaderSurviveABadNetwork(long seed) {
        var world = new LeaseWorld(seed, 0.2, 5_000);
        long id = world.grant(world.leader(), 0, 60);
        int answered = 0;
        for (int round = 0; round < 50; round++) {
            Answer<Long> renewal = world.ask(
                    world.cluster.members().get(round % 3),
                    (engine, reply) -> engine.leases().keepAlive(id, reply));
            if (renewal.error() == null) {
                assertThat(renewal.result()).isEqualTo(60);
                answered++;
            }
        }
        assertThat(answered).isEqualTo(50);
    }
}
