package dev.keelson.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.maintenance.MaintenanceConfig.AutoCompactionConfig;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AutoCompactionTest {

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long TICK = 100;

    private final List<String> compacted = new ArrayList<>();
    private long now = 7_000;
    private boolean leads = true;
    private @Nullable StoreError refusal;

    private AutoCompaction of(boolean byTime, long retention) {
        return new AutoCompaction(
                new AutoCompactionConfig(byTime, retention),
                new AutoCompaction.Parts(this::revision, () -> leads, (revision, reply) -> {
                    compacted.add(revision + "@" + minutes());
                    if (refusal == null) {
                        reply.succeed(revision());
                    } else {
                        reply.fail(new StoreException(refusal));
                    }
                }));
    }

    /** There is a write a minute. */
    private long revision() {
        return 1 + minutes();
    }

    private long minutes() {
        return (now - 7_000) / MINUTE;
    }

    private void pass(AutoCompaction compaction, long millis) {
        for (long end = now + millis; now < end; now += TICK) {
            compaction.tick(now);
        }
    }

    @Test
    void afterOneRetentionTheOldestIsCompactedAndThenOnceARetention() {
        var compaction = of(true, 10 * MINUTE);
        pass(compaction, 41 * MINUTE);

        assertThat(compacted).containsExactly("1@10", "10@20", "20@30", "30@40");
    }

    @Test
    void aLongRetentionIsKeptWholeAndCompactedEveryHour() {
        var compaction = of(true, 3 * HOUR);
        pass(compaction, 6 * HOUR + MINUTE);

        assertThat(compacted).containsExactly("1@180", "55@240", "115@300", "175@360");
    }

    @Test
    void whoDoesNotLeadTakesNotesAndGoesOnAsSoonAsItLeads() {
        leads = false;
        var compaction = of(true, 10 * MINUTE);
        pass(compaction, 30 * MINUTE + TICK);
        assertThat(compacted).isEmpty();

        leads = true;
        pass(compaction, 2 * MINUTE);
        assertThat(compacted).containsExactly("21@31");
    }

    @Test
    void whatFailedIsTriedAgainATenthLater() {
        refusal = StoreError.TIMEOUT;
        var compaction = of(true, 10 * MINUTE);
        pass(compaction, 11 * MINUTE + TICK);
        refusal = null;
        pass(compaction, 3 * MINUTE);

        assertThat(compacted).containsExactly("1@10", "1@11", "2@12");
    }

    @Test
    void whatWasCompactedByOthersCountsAsDone() {
        refusal = StoreError.COMPACTED;
        var compaction = of(true, 10 * MINUTE);
        pass(compaction, 21 * MINUTE);

        assertThat(compacted).containsExactly("1@10", "10@20");
    }

    @Test
    void aNumberOfRevisionsIsKeptEveryFiveMinutes() {
        var compaction = of(false, 8);
        pass(compaction, 21 * MINUTE);

        assertThat(compacted).containsExactly("3@10", "8@15", "13@20");
    }

    @Test
    void withoutRetentionNothingIsCompacted() {
        pass(of(true, 0), HOUR);
        pass(of(false, 0), HOUR);

        assertThat(compacted).isEmpty();
    }
}
