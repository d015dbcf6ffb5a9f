package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.check.ListTransaction.End;
import dev.keelson.sim.check.ListTransaction.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListAppendCheckerTest {

    private static final long FOREVER = 1_000;

    private static Step append(String key, long element) {
        return new Step.Append(key, element);
    }

    private static Step read(String key, Long... elements) {
        return new Step.Read(key, Arrays.asList(elements));
    }

    private static ListTransaction overlapping(Step... steps) {
        return new ListTransaction("c", 0, FOREVER, End.COMMITTED, List.of(steps));
    }

    private static ListTransaction at(long time, Step... steps) {
        return new ListTransaction("c", time, time + 1, End.COMMITTED, List.of(steps));
    }

    private static List<Anomaly.Kind> kinds(ListTransaction... transactions) {
        return ListAppendChecker.check(List.of(transactions)).stream()
                .map(Anomaly::kind)
                .distinct()
                .toList();
    }

    @Test
    void writesInOppositeOrdersAreAG0() {
        assertThat(kinds(
                        overlapping(append("x", 1L), append("y", 1L)),
                        overlapping(append("x", 2L), append("y", 2L)),
                        overlapping(read("x", 1L, 2L)),
                        overlapping(read("y", 2L, 1L))))
                .containsExactly(Anomaly.Kind.G0);
    }

    @Test
    void anElementOfAnAbortedTransactionIsAG1a() {
        var aborted = new ListTransaction("c", 0, 1, End.ABORTED, List.of(append("x", 1L)));
        assertThat(kinds(aborted, overlapping(read("x", 1L)))).containsExactly(Anomaly.Kind.G1A);
    }

    @Test
    void aListFromTheMiddleOfATransactionIsAG1b() {
        assertThat(kinds(overlapping(append("x", 1L), append("x", 2L)), overlapping(read("x", 1L))))
                .containsExactly(Anomaly.Kind.G1B);
    }

    @Test
    void transactionsThatReadEachOtherAreAG1c() {
        assertThat(kinds(overlapping(append("x", 1L), read("y", 2L)), overlapping(append("y", 2L), read("x", 1L))))
                .containsExactly(Anomaly.Kind.G1C);
    }

    @Test
    void aSkewedReadIsAGSingle() {
        assertThat(kinds(overlapping(append("x", 1L), append("y", 1L)), overlapping(read("x", 1L), read("y"))))
                .containsExactly(Anomaly.Kind.G_SINGLE);
    }

    @Test
    void writeSkewIsAG2() {
        assertThat(kinds(overlapping(read("x"), append("y", 1L)), overlapping(read("y"), append("x", 1L))))
                .containsExactly(Anomaly.Kind.G2);
    }

    @Test
    void twoUpdatesOfOneStateAreALostUpdate() {
        assertThat(kinds(overlapping(read("x"), append("x", 1L)), overlapping(read("x"), append("x", 2L))))
                .containsExactly(Anomaly.Kind.LOST_UPDATE);
    }

    @Test
    void readsOfWhichNeitherContinuesTheOtherAreIncompatible() {
        assertThat(kinds(
                        overlapping(append("x", 1L)),
                        overlapping(append("x", 2L)),
                        overlapping(read("x", 1L, 2L)),
                        overlapping(read("x", 2L))))
                .containsExactly(Anomaly.Kind.INCOMPATIBLE_ORDER);
    }

    @Test
    void aReadThatLacksWhatItsTransactionAppendedIsInternal() {
        assertThat(kinds(overlapping(append("x", 1L), read("x")))).containsExactly(Anomaly.Kind.INTERNAL);
    }

    @Test
    void inventedAndRepeatedElementsAreFound() {
        assertThat(kinds(overlapping(read("x", 9L)))).containsExactly(Anomaly.Kind.UNWRITTEN_ELEMENT);
        assertThat(kinds(overlapping(append("x", 1L)), overlapping(read("x", 1L, 1L))))
                .containsExactly(Anomaly.Kind.DUPLICATE_ELEMENT);
    }

    @Test
    void aStaleReadClosesACycleThroughRealTime() {
        assertThat(kinds(at(0, append("x", 1L)), at(10, read("x")), at(20, read("x", 1L))))
                .containsExactly(Anomaly.Kind.REAL_TIME);
    }

    @Test
    void anAcknowledgedAppendThatNobodyEverReadsIsFoundByALaterRead() {
        assertThat(kinds(at(0, append("x", 1L)), at(10, append("x", 2L)), at(20, read("x", 2L))))
                .containsExactly(Anomaly.Kind.REAL_TIME);
    }

    @Test
    void anUnknownAppendMayShowOrNot() {
        var unknown = new ListTransaction("c", 0, 1, End.UNKNOWN, List.of(append("x", 1L)));
        assertThat(kinds(unknown, at(10, read("x")), at(20, read("x", 1L)))).isEmpty();
        assertThat(kinds(unknown, at(10, read("x")))).isEmpty();
    }

    @Test
    void aLongSerialHistoryPassesAndOneStaleReadInItDoesNot() {
        var random = new Random(1);
        Map<String, List<Long>> lists = new HashMap<>();
        List<ListTransaction> history = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            List<Step> steps = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                String key = "k" + random.nextInt(5) + "of" + i / 250;
                List<Long> list = lists.computeIfAbsent(key, _ -> new ArrayList<>());
                if (random.nextBoolean()) {
                    list.add((long) i * 10 + n);
                    steps.add(append(key, list.getLast()));
                } else {
                    steps.add(new Step.Read(key, list));
                }
            }
            long point = i * 10L;
            history.add(new ListTransaction(
                    "c", point - random.nextInt(30), point + random.nextInt(30), End.COMMITTED, steps));
        }
        assertThat(ListAppendChecker.check(history)).isEmpty();
        history.add(at(
                100_000,
                new Step.Read("k0of3", lists.getOrDefault("k0of3", List.of()).subList(0, 3))));
        assertThat(ListAppendChecker.check(history)).isNotEmpty();
    }
}
