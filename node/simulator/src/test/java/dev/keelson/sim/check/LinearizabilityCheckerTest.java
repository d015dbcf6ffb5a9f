package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.check.LinearizabilityChecker.Call;
import dev.keelson.sim.check.LinearizabilityChecker.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {

    private static final int READ = -1;
    private static final long STEPS = 1_000_000;

    /** A register: READ reads it, anything else is written to it and answered with itself. */
    private static final class Register implements SequentialModel<Integer, Integer, Integer> {

        @Override
        public Integer initial() {
            return 0;
        }

        @Override
        public Optional<Integer> step(Integer state, Integer request, @Nullable Integer answer) {
            int after = request == READ ? state : request;
            return answer == null || answer == after ? Optional.of(after) : Optional.empty();
        }
    }

    @SafeVarargs
    private static Verdict check(Call<Integer, Integer>... calls) {
        return new LinearizabilityChecker<>(new Register(), STEPS)
                .check(List.of(calls))
                .verdict();
    }

    private static Call<Integer, Integer> write(long invoked, long returned, int value) {
        return new Call<>(invoked, returned, value, value);
    }

    private static Call<Integer, Integer> read(long invoked, long returned, int value) {
        return new Call<>(invoked, returned, READ, value);
    }

    @Test
    void aReadMayShowAWriteThatOverlapsIt() {
        assertThat(check(write(0, 10, 1), read(5, 6, 1), read(7, 8, 1))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(check(write(0, 10, 1), read(5, 6, 0), read(7, 8, 1))).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void aReadMustNotGoBack() {
        assertThat(check(write(0, 10, 1), read(5, 6, 1), read(7, 8, 0))).isEqualTo(Verdict.VIOLATION);
        assertThat(check(write(0, 1, 1), read(2, 3, 0))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void callsThatTouchInTimeOverlap() {
        assertThat(check(write(0, 2, 1), read(2, 3, 0))).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void anUnknownWriteMayHappenAtAnyLaterTimeOrNever() {
        var unknown = new Call<Integer, @Nullable Integer>(0, 1, 7, null);
        assertThat(check(unknown, read(100, 101, 7))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(check(unknown, read(100, 101, 0))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(check(unknown, read(100, 101, 7), read(102, 103, 0))).isEqualTo(Verdict.VIOLATION);
        assertThat(check(new Call<>(50, 51, 7, null), read(10, 20, 7))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aSearchThatIsTooLongSaysThatItIsUndecided() {
        List<Call<Integer, Integer>> calls = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            calls.add(write(0, 100, i));
        }
        calls.add(read(200, 201, 99));
        var result = new LinearizabilityChecker<>(new Register(), 1_000).check(calls);
        assertThat(result.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(result.longest()).hasSize(20);
    }

    @Test
    void randomHistoriesOfARegisterPassAndTheirLiesDoNot() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            List<Call<Integer, Integer>> calls = new ArrayList<>();
            int state = 0;
            for (int i = 1; i <= 200; i++) {
                boolean write = random.nextBoolean();
                state = write ? i : state;
                long point = i * 10L;
                calls.add(new Call<>(point - random.nextInt(25), point + random.nextInt(25), write ? i : READ, state));
            }
            var checker = new LinearizabilityChecker<>(new Register(), STEPS);
            assertThat(checker.check(calls).verdict()).isEqualTo(Verdict.LINEARIZABLE);
            calls.add(read(5_000, 5_001, 0));
            assertThat(checker.check(calls).verdict()).isEqualTo(Verdict.VIOLATION);
        }
    }
}
