package dev.keelson.mvcc.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.InvariantViolation;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.lease.Lessor.Due;
import dev.keelson.mvcc.lease.Lessor.Identity;
import dev.keelson.mvcc.lease.Lessor.Outcome;
import dev.keelson.mvcc.lease.Lessor.Remaining;
import dev.keelson.mvcc.lease.Lessor.Renewal;
import dev.keelson.mvcc.lease.Lessor.Rest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LessorTest {

    private static final long TERM = 5;
    private static final long EXTENSION = 1_000;
    private static final long CHECKPOINT = 300_000;
    private static final int MANY = 1_000_000;

    /** Clocks may start anywhere, below zero too. */
    private static final long START = -7_777;

    private final Lessor lessor = new Lessor(EXTENSION, CHECKPOINT);
    private long now = START;

    private static Identity lease(long id) {
        return new Identity(id, id * 10);
    }

    private static LeaseRow row(long id, long ttl, long remaining) {
        return new LeaseRow(id, ttl, remaining, id * 10);
    }

    private void lead() {
        lessor.promote(TERM);
        lessor.inheritedAll();
        tick(0);
    }

    private Due tick(long millis) {
        return tick(millis, MANY);
    }

    private Due tick(long millis, int expiriesMax) {
        now += millis;
        return lessor.tick(now, expiriesMax, MANY);
    }

    private List<Long> expiredAfter(long millis) {
        return ids(tick(millis));
    }

    private static List<Long> ids(Due due) {
        return due.expired().stream().map(Identity::id).toList();
    }

    private Remaining remaining(long id) {
        return Objects.requireNonNull(lessor.remaining(id));
    }

    private Outcome renew(long id) {
        return lessor.renew(TERM, id).outcome();
    }

    @Test
    void aLifeCountsFromTheTickAfterTheGrantAndEndsNotAMillisecondEarly() {
        lead();
        lessor.granted(lease(1), 10);

        assertThat(expiredAfter(5_000))
                .as("however long the process stood still")
                .isEmpty();
        assertThat(expiredAfter(9_999)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(1L);
    }

    @Test
    void aLifeBeginsAnewWithARenewalHoweverLateTheNextTick() {
        lead();
        lessor.granted(lease(1), 10);
        tick(0);
        tick(9_000);

        assertThat(renew(1)).isEqualTo(Outcome.RENEWED);

        assertThat(expiredAfter(60_000)).as("a tick that was a minute late").isEmpty();
        assertThat(expiredAfter(9_999)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(1L);
    }

    @Test
    void leasesExpireInTheOrderOfTheirDeadlinesAndThenOfTheirIds() {
        lead();
        lessor.granted(lease(3), 10);
        lessor.granted(lease(2), 10);
        lessor.granted(lease(-1), 11);
        lessor.granted(lease(4), 9);
        tick(0);

        assertThat(expiredAfter(20_000)).containsExactly(4L, 2L, 3L, -1L);
    }

    @Test
    void aTickDecidesNoMoreEndsThanItMayAndTheNextOneGoesOn() {
        lead();
        for (long id = 1; id <= 10; id++) {
            lessor.granted(lease(id), 10);
        }
        tick(0);

        assertThat(ids(tick(10_000, 4))).containsExactly(1L, 2L, 3L, 4L);
        assertThat(ids(tick(100, 0))).isEmpty();
        assertThat(ids(tick(100, 4))).containsExactly(5L, 6L, 7L, 8L);
        assertThat(ids(tick(100, 4))).containsExactly(9L, 10L);
        assertThat(ids(tick(100, 4))).isEmpty();
    }

    @Test
    void whoseEndIsDecidedIsNotRenewedAnyMore() {
        lead();
        lessor.granted(lease(1), 10);
        tick(0);
        tick(10_000);

        assertThat(lessor.isExpiring(TERM, 1)).isTrue();
        assertThat(renew(1)).isEqualTo(Outcome.EXPIRING);
        assertThat(remaining(1).millis()).isZero();
        lessor.revoked(1);
        assertThat(renew(1)).isEqualTo(Outcome.MISSING);
        assertThat(lessor.isExpiring(TERM, 1)).isFalse();
    }

    @Test
    void anEndProposedInVainIsProposedAgainAfterThreeSeconds() {
        lead();
        lessor.granted(lease(1), 10);
        tick(0);
        tick(10_000);

        assertThat(expiredAfter(5_000)).as("still under way").isEmpty();
        lessor.retry(TERM, lease(1));
        assertThat(renew(1)).isEqualTo(Outcome.EXPIRING);
        assertThat(expiredAfter(2_999)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(1L);
        lessor.retry(TERM, new Identity(1, 77));
        assertThat(expiredAfter(5_000))
                .as("another lease of that id failed to end")
                .isEmpty();
    }

    @Test
    void aLeaseGrantedAnewUnderAnIdHasNothingOfTheFormerOne() {
        lead();
        lessor.granted(new Identity(1, 10), 10);
        tick(0);
        tick(10_000);
        lessor.revoked(1);
        lessor.granted(new Identity(1, 20), 60);

        lessor.wasGone(new Identity(1, 10));
        lessor.retry(TERM, new Identity(1, 10));

        assertThat(renew(1)).isEqualTo(Outcome.RENEWED);
        assertThat(expiredAfter(30_000)).isEmpty();
        assertThat(lessor.size()).isEqualTo(1);
        lessor.wasGone(new Identity(1, 20));
        assertThat(lessor.size()).isZero();
    }

    @Test
    void aLeaseThatIsGoneLeavesNothingInTheQueue() {
        lead();
        lessor.granted(lease(1), 10);
        lessor.granted(lease(2), 10);
        tick(0);
        lessor.revoked(1);
        lessor.granted(lease(3), 10);
        lessor.revoked(3);

        assertThat(expiredAfter(30_000)).containsExactly(2L);
    }

    @Test
    void whatIsInheritedGetsAnElectionTimeOutOnTop() {
        lessor.promote(TERM);
        lessor.inherit(row(1, 60, 0));
        lessor.inherit(row(2, 600, 20));
        tick(0);
        lessor.inherit(row(3, 10, 0));

        assertThat(expiredAfter(10_999)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(3L);
        assertThat(expiredAfter(9_999)).isEmpty();
        assertThat(expiredAfter(1)).as("what was noted of it").containsExactly(2L);
        assertThat(expiredAfter(39_999)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(1L);
    }

    @Test
    void whatIsInheritedLateHasItsTimeFromThePromotionOn() {
        lessor.promote(TERM);
        tick(0);
        tick(5_000);
        lessor.inherit(row(1, 10, 0));

        assertThat(expiredAfter(5_999)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(1L);
    }

    @Test
    void whatIsKnownIsNotInheritedAgain() {
        lessor.promote(TERM);
        lessor.granted(lease(1), 100);
        tick(0);
        lessor.inherit(row(1, 10, 0));

        assertThat(remaining(1).ttlSeconds()).isEqualTo(100);
        assertThat(lessor.size()).isEqualTo(1);
    }

    @Test
    void aLeaseThatMayNotBeInheritedYetIsNotCalledMissing() {
        lessor.promote(TERM);
        assertThat(renew(1)).isEqualTo(Outcome.NOT_LOADED);

        lessor.inheritedAll();
        assertThat(renew(1)).isEqualTo(Outcome.MISSING);
    }

    @Test
    void nothingIsKnownOrPromisedOutsideATerm() {
        lessor.granted(lease(1), 10);
        lessor.inherit(row(2, 10, 0));
        assertThat(lessor.size()).isZero();
        assertThat(lessor.renew(Lessor.NO_TERM, 1).outcome()).isEqualTo(Outcome.DEMOTED);

        lead();
        lessor.granted(lease(1), 10);
        tick(0);
        assertThat(lessor.renew(TERM - 1, 1).outcome()).isEqualTo(Outcome.DEMOTED);

        lessor.demote();
        assertThat(renew(1)).isEqualTo(Outcome.DEMOTED);
        assertThat(lessor.remaining(1)).isNull();
        assertThat(expiredAfter(100_000)).isEmpty();
        assertThat(lessor.size()).isZero();
    }

    @Test
    void aTermBeginsAfterTheOneBeforeIt() {
        lead();
        assertThatThrownBy(() -> lessor.promote(TERM)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void aMassOfInheritedLeasesFallsDueInBoundedNumbersASecond() {
        int leases = 10 * ExpirySpread.PER_SECOND_MAX + 1;
        lessor.promote(TERM);
        for (long id = 1; id <= leases; id++) {
            lessor.inherit(row(id, 10, 0));
        }
        lessor.inherit(row(leases + 1L, 60, 0));
        tick(0);
        lessor.inheritedAll();
        tick(0);

        assertThat(expiredAfter(10_999)).isEmpty();
        int all = 0;
        for (int second = 0; second <= 10; second++) {
            int due = tick(1_000).expired().size();
            assertThat(due).isLessThanOrEqualTo(2 * ExpirySpread.PER_SECOND_MAX);
            all += due;
            assertThat(all).isLessThanOrEqualTo((second + 2) * ExpirySpread.PER_SECOND_MAX);
        }
        assertThat(all).isEqualTo(leases);
        assertThat(remaining(leases + 1L).millis()).as("out of the crowd").isEqualTo(61_000 - 21_999);
    }

    @Test
    void aRenewedOneOfTheMassLosesNothing() {
        lessor.promote(TERM);
        for (long id = 1; id <= 3 * ExpirySpread.PER_SECOND_MAX; id++) {
            lessor.inherit(row(id, 10, 0));
        }
        tick(0);
        long last = 3 * ExpirySpread.PER_SECOND_MAX;
        long spread = remaining(last).millis();
        assertThat(spread).isEqualTo(13_000);

        renew(last);
        tick(100);

        assertThat(remaining(last).millis()).isEqualTo(spread - 100);
    }

    @Test
    void whatIsLeftIsNotedEveryFiveMinutesOfALife() {
        lead();
        lessor.granted(lease(1), 1_000);
        lessor.granted(lease(2), 300);
        tick(0);

        assertThat(tick(299_999).rests()).isEmpty();
        Due due = tick(1);
        assertThat(due.rests()).as("of what is left, rounded up").containsExactly(new Rest(lease(1), 700));
        assertThat(ids(due)).as("too short a life for notes").containsExactly(2L);
        assertThat(tick(299_999).rests()).isEmpty();
        assertThat(tick(500).rests()).containsExactly(new Rest(lease(1), 400));
        assertThat(tick(299_999).rests()).isEmpty();
        assertThat(tick(1).rests()).containsExactly(new Rest(lease(1), 100));
        assertThat(expiredAfter(99_500)).isEmpty();
        assertThat(expiredAfter(1)).containsExactly(1L);
    }

    @Test
    void aRenewalPutsOffTheNextNote() {
        lead();
        lessor.granted(lease(1), 1_000);
        tick(0);
        tick(200_000);
        renew(1);
        tick(0);

        assertThat(tick(299_999).rests()).isEmpty();
        assertThat(tick(1).rests()).containsExactly(new Rest(lease(1), 700));
    }

    @Test
    void noMoreLeasesAreNotedAtOnceThanMayBeAndNoneIsForgotten() {
        lead();
        for (long id = 1; id <= 5; id++) {
            lessor.granted(lease(id), 1_000);
        }
        lessor.granted(lease(6), 300);
        tick(0);

        now += 300_000;
        Due first = lessor.tick(now, MANY, 2);
        assertThat(first.rests()).hasSize(2);
        assertThat(ids(first)).as("an end behind notes that have to wait").containsExactly(6L);
        assertThat(lessor.tick(now + 100, MANY, 2).rests()).hasSize(2);
        assertThat(lessor.tick(now + 200, MANY, 2).rests()).hasSize(1);
        assertThat(lessor.tick(now + 300, MANY, 2).rests()).isEmpty();
    }

    @Test
    void aRenewalAfterANoteHasToTakeItBackUntilThatIsDone() {
        lead();
        lessor.granted(lease(1), 1_000);
        tick(0);
        assertThat(lessor.renew(TERM, 1).checkpoints()).isZero();
        tick(0);
        tick(300_000);

        Renewal first = lessor.renew(TERM, 1);
        Renewal second = lessor.renew(TERM, 1);
        assertThat(first.checkpoints()).isEqualTo(1);
        assertThat(second.checkpoints()).as("the first is not taken back yet").isEqualTo(1);
        lessor.cleared(TERM, lease(1), 1);
        assertThat(lessor.renew(TERM, 1).checkpoints()).isZero();
    }

    @Test
    void aNoteMadeWhileAnEarlierOneIsTakenBackStands() {
        lead();
        lessor.granted(lease(1), 1_000);
        tick(0);
        tick(300_000);
        Renewal renewal = lessor.renew(TERM, 1);
        tick(0);
        tick(300_000);

        lessor.cleared(TERM, lease(1), renewal.checkpoints());

        assertThat(lessor.renew(TERM, 1).checkpoints()).isEqualTo(2);
    }

    @Test
    void aNoteThatWasInheritedHasToBeTakenBackToo() {
        lessor.promote(TERM);
        lessor.inherit(row(1, 1_000, 100));
        lessor.inherit(row(2, 1_000, 0));

        assertThat(lessor.renew(TERM, 1).checkpoints()).isEqualTo(1);
        assertThat(lessor.renew(TERM, 2).checkpoints()).isZero();
        tick(0);
        assertThat(remaining(1).millis()).isEqualTo(1_000_000);
    }

    @Test
    void aListIsInTheOrderOfDeadlinesWithUnknownOnesLast() {
        lead();
        lessor.granted(lease(1), 30);
        tick(0);
        lessor.granted(lease(2), 10);
        lessor.granted(lease(3), 20);

        assertThat(lessor.inOrderOfDeadlines(List.of(9L, 1L, 3L, 8L, 2L))).containsExactly(2L, 3L, 1L, 9L, 8L);
    }

    @Test
    void theLongestTimeToLiveIsCountedWithoutOverflow() {
        lead();
        lessor.granted(lease(1), 9_000_000_000L);
        tick(0);

        assertThat(remaining(1).millis()).isEqualTo(9_000_000_000_000L);
        assertThat(expiredAfter(1_000_000_000_000L)).isEmpty();
    }

    /** Against a model that looks at every lease at every tick. */
    @Test
    void randomLivesEndWhenAModelSaysThatTheyEnd() {
        var random = new Random(3);
        Map<Long, Long> deadlines = new TreeMap<>();
        Map<Long, Long> ttls = new HashMap<>();
        lead();
        for (int step = 0; step < 20_000; step++) {
            List<Long> renewed = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                long id = random.nextInt(200);
                if (!ttls.containsKey(id)) {
                    long ttl = random.nextInt(1, 60);
                    ttls.put(id, ttl);
                    renewed.add(id);
                    lessor.granted(lease(id), ttl);
                } else if (random.nextInt(5) == 0) {
                    ttls.remove(id);
                    deadlines.remove(id);
                    renewed.remove(id);
                    lessor.revoked(id);
                } else {
                    assertThat(renew(id)).isEqualTo(Outcome.RENEWED);
                    renewed.add(id);
                }
            }
            Due due = tick(random.nextInt(1_000));
            renewed.stream()
                    .filter(ttls::containsKey)
                    .forEach(id -> deadlines.put(id, now + ttls.getOrDefault(id, 0L) * 1_000));
            List<Long> expected = deadlines.entrySet().stream()
                    .filter(lease -> lease.getValue() <= now)
                    .sorted(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(ids(due)).isEqualTo(expected);
            for (long id : expected) {
                deadlines.remove(id);
                ttls.remove(id);
                lessor.revoked(id);
            }
            assertThat(lessor.size()).isEqualTo(ttls.size());
        }
    }
}
