package dev.keelson.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.Event;
import org.junit.jupiter.api.Test;

class EventRingTest {

    private static final byte[] KEY = {1};

    private final EventRing ring = new EventRing(new WatchLimits(10_000, 5, 1, 1, 1, 1), 10);

    private void add(long revision, int bytes) {
        ring.add(new SharedEvent(new Event(revision, KEY, new byte[bytes], false, null)));
    }

    @Test
    void theOldestRevisionsGoAsAWhole() {
        for (long revision = 10; revision < 16; revision++) {
            add(revision, 1);
            add(revision, 1);
            ring.trim(revision);
        }
        assertThat(ring.from()).isEqualTo(11);
        assertThat(ring.size()).isEqualTo(10);
        assertThat(ring.indexOf(11)).isZero();
        assertThat(ring.indexOf(13)).isEqualTo(4);
        assertThat(ring.get(ring.indexOf(13)).revision()).isEqualTo(13);
        assertThat(ring.indexOf(16)).isEqualTo(10);
    }

    @Test
    void bytesBoundItToo() {
        add(10, 1_000);
        add(11, 1_000);
        add(12, 1_000);
        ring.trim(12);
        assertThat(ring.from()).isEqualTo(10);
        add(13, 1_000);
        ring.trim(13);
        assertThat(ring.from()).isEqualTo(11);
        add(14, 100_000);
        ring.trim(14);
        assertThat(ring.from()).isEqualTo(15);
        assertThat(ring.size()).isZero();
    }

    @Test
    void itGoesRoundManyTimes() {
        for (long revision = 10; revision < 10_000; revision++) {
            add(revision, 1);
            ring.trim(revision);
        }
        assertThat(ring.size()).isEqualTo(5);
        assertThat(ring.get(0).revision()).isEqualTo(9_995);
    }
}
