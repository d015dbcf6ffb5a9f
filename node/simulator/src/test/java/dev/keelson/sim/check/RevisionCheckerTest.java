package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.sim.check.HistoryGenerator.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Checks histories of the model itself, which must pass, in as many seeds as {@code -Dcheck.seeds} says, and one of
 * {@code -Dcheck.operations}.
 */
class RevisionCheckerTest {

    private static final int SEEDS = Integer.getInteger("check.seeds", 400);
    private static final int OPERATIONS = Integer.getInteger("check.operations", 20_000);

    @Test
    void historiesOfACorrectStoreAreAccepted() {
        accept(SEEDS, 400, 5, 0.05);
    }

    @Test
    void historiesOfACorrectStoreWithoutUnknownOutcomesAreAccepted() {
        accept(SEEDS / 4, 1000, 20, 0);
    }

    @Test
    void historiesWithManyUnknownOutcomesAreAccepted() {
        accept(SEEDS, 300, 4, 0.25);
    }

    @Test
    void aLongHistoryIsChecked() {
        var generator = new HistoryGenerator(1, Math.max(5, OPERATIONS / 2000), 0.0005, Fault.NONE);
        List<Operation> operations = generator.run(OPERATIONS);
        var checker = new RevisionChecker();
        operations.forEach(checker::accept);
        long start = System.nanoTime();
        checker.finish(generator.finalState(), generator.model().revision());
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(checker.operations() + " operations checked in " + millis + " ms, " + checker.tries()
                + " tries, " + checker.undecided() + " undecided");

        assertThat(checker.undecided()).isZero();
    }

    @Test
    void aWrongFinalStateIsToldByTheKeysThatDiffer() {
        var checker = new RevisionChecker();
        var state = new ArrayList<Response.Kv>();
        for (int i = 0; i < 30; i++) {
            String key = "k" + (10 + i);
            var answer = new Outcome.Answered(new Response.Put(i + 2, null));
            checker.accept(new Operation(1, 0, i, i, new Request.Put(key, "v" + i, false), answer));
            state.add(new Response.Kv(key, "v" + i, i + 2, i + 2, 1));
        }
        state.remove(7);

        assertThatThrownBy(() -> checker.finish(state, 31))
                .isInstanceOf(HistoryViolation.class)
                .hasMessageContaining("count 30, more false, 30 keys, of which [Kv[key=k17")
                .hasMessageContaining("found revision 31, count 29, more false, 29 keys, of which []")
                .message()
                .hasSizeLessThan(500);
    }

    private static void accept(int seeds, int count, int keys, double unknownRate) {
        int undecided = 0;
        int tries = 0;
        for (int seed = 0; seed < seeds; seed++) {
            var generator = new HistoryGenerator(seed, keys, unknownRate, Fault.NONE);
            var checker = new RevisionChecker();
            generator.run(count).forEach(checker::accept);
            try {
                checker.finish(generator.finalState(), generator.model().revision());
            } catch (HistoryViolation violation) {
                throw new AssertionError("seed " + seed + ": " + violation.getMessage(), violation);
            }
            undecided += checker.undecided() > 0 ? 1 : 0;
            tries += checker.tries();
        }
        System.out.println(
                "unknown " + unknownRate + ": " + seeds + " seeds, " + tries + " tries, " + undecided + " undecided");

        assertThat(undecided).isLessThanOrEqualTo(seeds / 20);
    }
}
