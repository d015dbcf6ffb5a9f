package dev.keelson.server.member;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Turns real time into ticks.
 *
 * <p>A process that was stopped for a while gets one tick when it goes on, not all it missed: many at once would make it
 * believe that its leader had been silent.
 */
final class Ticker implements AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            unit -> Thread.ofPlatform().name("ticker").daemon(true).unstarted(unit));

    void start(long tickMillis, Runnable tick) {
        timer.scheduleWithFixedDelay(tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
