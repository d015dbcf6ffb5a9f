package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.storage.DiskPace.Mark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DiskPaceTest {

    private static final long MIB = 1L << 20;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final DiskPace pace = new DiskPace();

    @BeforeAll
    static void load() {
        NativeLibrary.load();
    }

    @AfterEach
    void close() {
        pace.close();
    }

    private long limitAfter(long bytesInASecond) {
        Mark now = pace.mark();
        pace.limit(new Mark(now.bytes() - bytesInASecond, now.nanos() - SECOND_NANOS));
        return pace.limiter().getBytesPerSecond();
    }

    @Test
    void aRewritingBesideNobodyIsSlow() {
        assertThat(limitAfter(0)).isEqualTo(32 * MIB);
    }

    @Test
    void aRewritingLeavesWritersTwiceWhatTheyNeeded() {
        // A little less than twice: time passes between the mark and its use.
        assertThat(limitAfter(100 * MIB)).isBetween((32 + 100) * MIB, (32 + 200) * MIB);
    }

    @Test
    void nothingIsHeldBackWhereNothingIsRewritten() {
        long before = pace.limiter().getBytesPerSecond();
        limitAfter(0);

        pace.lift();

        assertThat(pace.limiter().getBytesPerSecond()).isEqualTo(before).isGreaterThan(1_000 * MIB);
    }
}
