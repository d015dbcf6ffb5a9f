package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.sim.check.LeaseOperation.Kind;
import dev.keelson.sim.check.LeasedHistory.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lets a store make one mistake with one lease, which must not pass. */
class LeaseCheckerTest {

    private static final int SEEDS = Integer.getInteger("check.seeds", 400) / 2;
    private static final int STEPS = 400;
    private static final long SECOND = LeasedHistory.SECOND;

    /** A mistake that nobody looks at in the end shows in nothing. */
    private static final double SEEN_MIN = 0.85;

    @Test
    void whatACorrectStoreDoesIsAccepted() {
        for (int seed = 0; seed < SEEDS; seed++) {
            accept(seed, seed % 2 == 0);
        }
    }

    private static void accept(long seed, boolean watched) {
        try {
            new LeasedHistory(seed, Fault.NONE, watched).runAndCheck(STEPS);
        } catch (HistoryViolation violation) {
            throw new AssertionError("seed " + seed + ": " + violation.getMessage(), violation);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aMistakeWithALeaseIsCaught(Fault fault) {
        int made = 0;
        int caught = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var history = new LeasedHistory(seed, fault, true);
            boolean found = false;
            try {
                history.runAndCheck(STEPS);
            } catch (HistoryViolation violation) {
                found = true;
            }
            made += history.faulty() ? 1 : 0;
            caught += history.faulty() && found ? 1 : 0;
        }
        System.out.println(fault + ": " + caught + " of " + made + " caught");

        assertThat(made).isGreaterThan(SEEDS / 4);
        assertThat(caught).isGreaterThanOrEqualTo((int) (SEEN_MIN * made));
    }

    @Test
    void theEndOfALeaseExplainsARevisionThatNobodyMade() {
        var checker = new RevisionChecker(new LeaseTerms(SECOND, LeaseTerms.Rates.TRUE, 0, 0));
        attachAndRead(checker, 2 * SECOND);

        checker.finish();

        assertThat(checker.writes().endedLease(3)).isEqualTo(7);
        assertThat(checker.writes().isCertain(3)).isTrue();
    }

    @Test
    void theEndOfALeaseBeforeItsTimeExplainsNothing() {
        var checker = new RevisionChecker(new LeaseTerms(SECOND, LeaseTerms.Rates.TRUE, 0, 0));
        attachAndRead(checker, 900);

        assertThatThrownBy(checker::finish)
                .isInstanceOf(HistoryViolation.class)
                .hasMessageContaining("revision 3 is of no known write");
    }

    @Test
    void aFastClockLetsALeaseEndEarlier() {
        var checker = new RevisionChecker(new LeaseTerms(SECOND, new LeaseTerms.Rates(1.3, 1), 0, 0));
        attachAndRead(checker, 900);

        checker.finish();

        assertThat(checker.writes().endedLease(3)).isEqualTo(7);
    }

    @Test
    void aClockThatJumpsLetsALeaseEndEarlier() {
        var terms = new LeaseTerms(SECOND, LeaseTerms.Rates.TRUE, 0, 0);
        terms.jumped(50, 10 * SECOND);
        terms.jumped(400, 200);
        var checker = new RevisionChecker(terms);
        attachAndRead(checker, 900);

        checker.finish();

        assertThat(checker.writes().endedLease(3)).isEqualTo(7);
    }

    @Test
    void timeWithoutALeaderDoesNotCountAgainstALease() {
        var checker = new LeaseChecker(new LeaseTerms(SECOND, LeaseTerms.Rates.TRUE, 100, 300));
        checker.accept(new LeaseOperation(Kind.GRANT, 7, 100, 100, new LeaseOutcome.Renewed(1)));
        checker.accept(new LeaseOperation(
                Kind.TIME_TO_LIVE, 7, 9 * SECOND, 9 * SECOND, new LeaseOutcome.Living(0, 1, List.of())));
        checker.led(0, 300);
        checker.led(8 * SECOND, 9 * SECOND);
        checker.finish(nothingWritten());

        checker.led(5 * SECOND, 5 * SECOND + 600);
        assertThatThrownBy(() -> checker.finish(nothingWritten()))
                .isInstanceOf(HistoryViolation.class)
                .hasMessageContaining("lease 7 was renewed at 100 at the latest");
    }

    private static WriteHistory nothingWritten() {
        var checker = new RevisionChecker();
        checker.finish();
        return checker.writes();
    }

    /** A lease of a second, granted at 100, a key of it, and a read that finds it gone at revision 3. */
    private static void attachAndRead(RevisionChecker checker, long readAt) {
        checker.accept(new LeaseOperation(Kind.GRANT, 7, 100, 110, new LeaseOutcome.Renewed(1)));
        var put = new Request.Put("k", "v", false, 7);
        checker.accept(new Operation(1, 0, 120, 130, put, new Outcome.Answered(new Response.Put(2, null))));
        var read = new Request.Range("k", "", 0, 0, false, false);
        var nothing = new Response.Range(3, List.of(), false, 0);
        checker.accept(new Operation(1, 0, readAt - 1, readAt, read, new Outcome.Answered(nothing)));
    }
}
