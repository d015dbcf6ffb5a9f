package dev.keelson.raft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Many small runs, each from a seed. {@code -Draft.seed=N} runs one again, {@code -Draft.seeds=N} more of them,
 * {@code -Draft.first=N} others.
 */
class RandomClusterTest {

    private static final int SEEDS = 300;
    private static final int EVENTS = 10_000;

    @Test
    void everySeedStaysSafeAndRecovers() {
        Long one = Long.getLong("raft.seed");
        long first = one == null ? Long.getLong("raft.first", 1) : one;
        long count = one == null ? Long.getLong("raft.seeds", SEEDS) : 1;
        long leaders = 0;
        long reads = 0;
        for (long seed = first; seed < first + count; seed++) {
            SafetyChecker seen = run(seed);
            leaders += seen.leaderCount();
            reads += seen.confirmedReads();
        }
        if (one == null) {
            // A world in which nothing happens would be safe, too.
            assertThat(leaders).isGreaterThan(2 * count);
            assertThat(reads).isGreaterThan(2 * count);
        }
    }

    private static SafetyChecker run(long seed) {
        var cluster = new RandomCluster(seed, EVENTS);
        try {
            cluster.storm();
            cluster.calm();
        } catch (RuntimeException | AssertionError broken) {
            fail("seed " + seed + " (replay with -Draft.seed=" + seed + "), " + cluster + ": " + broken, broken);
        }
        return cluster.checker();
    }
}
