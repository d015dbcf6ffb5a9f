package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OutageReportsTest {

    private final OutageReports reports = new OutageReports();
    private final List<Long> saidAtSeconds = new ArrayList<>();

    private void failEverySecond(long fromSecond, long toSecond) {
        for (long second = fromSecond; second < toSecond; second++) {
            if (reports.failed(TimeUnit.SECONDS.toNanos(second))) {
                saidAtSeconds.add(second);
            }
        }
    }

    @Test
    void anOutageIsSaidAfterAWhileAndThenEverMoreSeldom() {
        failEverySecond(0, 100);

        assertThat(saidAtSeconds).containsExactly(5L, 15L, 35L, 75L);
    }

    @Test
    void aLongOutageIsSaidEveryTenMinutes() {
        failEverySecond(0, 10_000);

        assertThat(saidAtSeconds.getLast() - saidAtSeconds.get(saidAtSeconds.size() - 2))
                .isEqualTo(600);
    }

    @Test
    void theNextOutageBeginsAnew() {
        failEverySecond(0, 50);
        reports.over();
        saidAtSeconds.clear();

        failEverySecond(50, 60);

        assertThat(saidAtSeconds).containsExactly(55L);
    }
}
