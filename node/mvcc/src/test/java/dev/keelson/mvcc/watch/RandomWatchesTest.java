package dev.keelson.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The nine guarantees of etcd's watches, over many seeds; {@code -Dwatch.seeds} runs more of them. */
class RandomWatchesTest {

    private static final int SEEDS = Integer.getInteger("watch.seeds", 2_000);

    @Test
    void everyWatcherHearsOfEveryChangeOnceInOrder() {
        long answers = 0;
        long compactions = 0;
        long notices = 0;
        long scans = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var run = new RandomWatchRun(seed);
            try {
                run.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            answers += run.answers;
            compactions += run.compactions;
            notices += run.notices;
            scans += run.scans();
        }
        assertThat(answers).as("answers with events").isGreaterThan(20L * SEEDS);
        assertThat(scans).as("looks into the history").isGreaterThan(SEEDS);
        assertThat(compactions).as("watchers ended by a compaction").isGreaterThan(SEEDS);
        assertThat(notices).as("notices of progress").isGreaterThan(SEEDS);
    }
}
