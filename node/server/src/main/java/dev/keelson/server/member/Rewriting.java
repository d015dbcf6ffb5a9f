package dev.keelson.server.member;

import dev.keelson.server.metrics.DiskMetrics;
import dev.keelson.storage.RocksBackend;
import dev.keelson.storage.StorageCorruptException;
import dev.keelson.storage.StorageException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the files of the store without what was removed, on a thread of its own, at a pace that leaves the machine to
 * others: after each piece it rests for as long as the piece took.
 *
 * <p>The store must not be closed under it: whoever wants to calls {@link #stop} first.
 *
 * <p>Thread rule: any thread; {@link #stop} waits.
 */
final class Rewriting {

    private final MemberEvents events;
    private final DiskMetrics metrics;
    private boolean stopped;
    private @Nullable Thread running;

    Rewriting(MemberEvents events, DiskMetrics metrics) {
        this.events = events;
        this.metrics = metrics;
    }

    /** @param done told whether it came to its end */
    void begin(RocksBackend backend, Consumer<Boolean> done) {
        Thread thread = Thread.ofPlatform().name("defragment").daemon(true).unstarted(() -> run(backend, done));
        boolean starts;
        synchronized (this) {
            starts = !stopped && running == null;
            if (starts) {
                running = thread;
            }
        }
        if (starts) {
            thread.start();
        } else {
            done.accept(false);
        }
    }

    private void run(RocksBackend backend, Consumer<Boolean> done) {
        events.info("starting defragment");
        metrics.defragmentationBegins();
        long began = System.nanoTime();
        boolean whole = false;
        try {
            whole = backend.reclaim(this::rest);
        } catch (StorageCorruptException damage) {
            events.fatal(String.valueOf(damage.getMessage()), damage);
        } catch (StorageException refused) {
            events.warn("failed to defragment", "error", String.valueOf(refused.getMessage()));
        } finally {
            metrics.defragmentationEnds(began);
            synchronized (this) {
                running = null;
                notifyAll();
            }
        }
        if (whole) {
            events.info("finished defragment", "took", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + "ms");
        }
        done.accept(whole);
    }

    /** False when it is to stop. */
    private synchronized boolean rest(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !stopped; left = until - System.nanoTime()) {
            await(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
        return !stopped;
    }

    /** Lets nothing begin any more, and returns when nothing is under way. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
        while (running != null) {
            await(0);
        }
    }

    /** Lets it begin again. */
    synchronized void allow() {
        stopped = false;
    }

    private synchronized void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("nobody interrupts this thread", interrupt);
        }
    }
}
