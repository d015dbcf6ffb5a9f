package dev.keelson.mvcc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpirySpreadTest {

    private final ExpirySpread spread = new ExpirySpread();

    @Test
    void aMomentInASecondWithRoomIsLeftAlone() {
        for (int i = 0; i < ExpirySpread.PER_SECOND_MAX; i++) {
            assertThat(spread.place(-1_500)).isEqualTo(-1_500);
        }
        assertThat(spread.place(-1_500)).isEqualTo(-500);
    }

    @Test
    void noSecondGetsMoreThanItsShareAndNothingIsPlacedEarlierOrLaterThanNeeded() {
        var random = new Random(5);
        Map<Long, Integer> taken = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            long wanted = random.nextInt(40_000);

            long placed = spread.place(wanted);

            long second = Math.floorDiv(placed, 1_000L);
            assertThat(placed).isGreaterThanOrEqualTo(wanted);
            assertThat(taken.merge(second, 1, Integer::sum)).isLessThanOrEqualTo(ExpirySpread.PER_SECOND_MAX);
            for (long before = wanted / 1_000; before < second; before++) {
                assertThat(taken.get(before)).isEqualTo(ExpirySpread.PER_SECOND_MAX);
            }
        }
    }

    @Test
    void aMillionThatWantTheSameSecondArePlacedQuickly() {
        long last = 0;
        for (int i = 0; i < 1_000_000; i++) {
            last = spread.place(0);
        }
        assertThat(last).isEqualTo((1_000_000 - 1) / ExpirySpread.PER_SECOND_MAX * 1_000L);
    }
}
