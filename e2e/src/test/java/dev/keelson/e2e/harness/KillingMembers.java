package dev.keelson.e2e.harness;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills one member after the other, the leader every other time, and brings each back before the next, until it is
 * closed. All are there again then.
 */
public final class KillingMembers implements AutoCloseable {

    /** Longer than an election takes, so that clients get something done between two. */
    private static final Duration BETWEEN = Duration.ofMillis(2_500);

    private static final Duration DOWN = Duration.ofMillis(1_000);

    private final Cluster cluster;
    private final Duration between;
    private final Random random = new Random(Long.getLong("e2e.seed", System.nanoTime()));
    private final AtomicInteger kills = new AtomicInteger();
    private final FutureTask<Integer> killing = new FutureTask<>(this::kill, 0);
    private volatile boolean closing;

    private KillingMembers(Cluster cluster, Duration between) {
        this.cluster = cluster;
        this.between = between;
    }

    public static KillingMembers of(Cluster cluster) {
        return of(cluster, BETWEEN);
    }

    /** @param between how long a leader is certain to lead before it may be killed */
    public static KillingMembers of(Cluster cluster, Duration between) {
        var killing = new KillingMembers(cluster, between);
        Thread.ofPlatform().name("killing").start(killing.killing);
        return killing;
    }

    public int kills() {
        return kills.get();
    }

    private void kill() {
        while (!closing) {
            Member victim = kills.get() % 2 == 0
                    ? Cluster.awaitLeader(cluster.members())
                    : cluster.members().get(random.nextInt(cluster.members().size()));
            victim.kill();
            kills.incrementAndGet();
            Await.passing(DOWN);
            victim.launch();
            victim.awaitReady();
            Await.passing(between);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            killing.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
