package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.check.HistoryGenerator.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lets the store make one mistake in each history, which must not pass. */
class FaultyStoreTest {

    private static final int SEEDS = Integer.getInteger("check.seeds", 400) / 2;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02})
    void aLostPutIsCaught(double unknownRate) {
        assertCaught(Fault.LOST_PUT, unknownRate, 0.9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02})
    void aDeletedKeyThatComesBackIsCaught(double unknownRate) {
        assertCaught(Fault.LOST_DELETE, unknownRate, 0.9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02})
    void aTornTransactionIsCaught(double unknownRate) {
        assertCaught(Fault.TORN_TXN, unknownRate, 0.9);
    }

    @Test
    void aRevisionThatNobodyOwnsIsCaught() {
        assertCaught(Fault.SKIPPED_REVISION, 0, 0.97);
    }

    /** A transaction of unknown outcome that changes nothing that is looked at is a good explanation. */
    @Test
    void aRevisionThatNobodyOwnsIsMostlyCaughtAmongUnknownOutcomes() {
        assertCaught(Fault.SKIPPED_REVISION, 0.01, 0.7);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02})
    void aPutThatTookEffectTwiceIsCaught(double unknownRate) {
        assertCaught(Fault.APPLIED_TWICE, unknownRate, 0.9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02})
    void twoWritesWithOneRevisionAreCaught(double unknownRate) {
        assertCaught(Fault.REUSED_REVISION, unknownRate, 0.97);
    }

    private static void assertCaught(Fault fault, double unknownRate, double least) {
        int made = 0;
        int caught = 0;
        int undecided = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var generator = new HistoryGenerator(seed, 5, unknownRate, fault);
            List<Operation> operations = generator.run(400);
            if (!generator.faulty()) {
                continue;
            }
            made++;
            var checker = new RevisionChecker();
            operations.forEach(checker::accept);
            try {
                checker.finish(generator.finalState(), generator.model().revision());
                undecided += checker.undecided() > 0 ? 1 : 0;
            } catch (HistoryViolation violation) {
                caught++;
            }
        }
        System.out.println(fault + " at " + unknownRate + " unknown: " + caught + " of " + made + " caught, "
                + undecided + " undecided");

        assertThat(made).isGreaterThan(SEEDS / 2);
        assertThat(caught).isGreaterThanOrEqualTo((int) (least * made));
    }
}
