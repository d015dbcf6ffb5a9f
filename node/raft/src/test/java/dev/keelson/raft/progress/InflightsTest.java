package dev.keelson.raft.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.raft.InvariantViolation;
import org.junit.jupiter.api.Test;

class InflightsTest {

    @Test
    void isFullByCount() {
        var window = new Inflights(3, 1000);
        for (int i = 1; i <= 3; i++) {
            assertThat(window.isFull()).isFalse();
            window.add(i, 1);
        }
        assertThat(window.isFull()).isTrue();
    }

    @Test
    void isFullByBytesAfterTheItemThatPassesTheBound() {
        var window = new Inflights(100, 10);
        window.add(1, 9);
        assertThat(window.isFull()).isFalse();
        window.add(2, 50);
        assertThat(window.isFull()).isTrue();
    }

    @Test
    void keepsItsOrderWhileItWrapsAndGrows() {
        var window = new Inflights(100, 1_000_000);
        long added = 0;
        long freed = 0;
        for (int round = 1; round <= 40; round++) {
            for (int i = 0; i < 5 && !window.isFull(); i++) {
                window.add(++added, added);
            }
            freed = Math.min(added, freed + 3);
            window.freeTo(freed);
            assertThat(window.count()).isEqualTo((int) (added - freed));
            assertThat(window.bytes()).isEqualTo((added * (added + 1) - freed * (freed + 1)) / 2);
        }
    }

    @Test
    void anAnswerFreesEverythingBeforeIt() {
        var window = new Inflights(4, 1000);
        window.add(3, 5);
        window.add(6, 5);
        window.add(9, 5);
        window.freeTo(8);
        assertThat(window.count()).isEqualTo(1);
        assertThat(window.bytes()).isEqualTo(5);
    }

    @Test
    void refusesToGoBack() {
        var window = new Inflights(4, 1000);
        window.add(3, 5);
        assertThatThrownBy(() -> window.add(3, 5)).isInstanceOf(InvariantViolation.class);
    }
}
