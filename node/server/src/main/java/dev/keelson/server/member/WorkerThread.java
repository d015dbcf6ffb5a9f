package dev.keelson.server.member;

import dev.keelson.engine.Worker;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A {@link Worker} that is a thread of its own.
 *
 * <p>Units run in the order they were given. A unit that throws is reported and ends the thread: the engine catches what
 * it can answer for, so whatever arrives here is a fault of the program.
 *
 * <p>The thread is never interrupted, since an interrupt during file access would close the file.
 */
final class WorkerThread implements Worker, AutoCloseable {

    private static final long STOP_WAIT_SECONDS = 10;
    private static final Runnable STOP = () -> {};

    private final BlockingQueue<Runnable> units = new LinkedBlockingQueue<>();
    private final Thread thread;

    WorkerThread(String name, Consumer<Throwable> failure) {
        thread = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> run(failure));
        thread.start();
    }

    @Override
    public void execute(Runnable unit) {
        units.add(unit);
    }

    private void run(Consumer<Throwable> failure) {
        try {
            for (Runnable unit = units.take(); unit != STOP; unit = units.take()) {
                unit.run();
            }
        } catch (InterruptedException | RuntimeException | Error cause) {
            failure.accept(cause);
        }
    }

    /** Runs what was given before, then ends the thread; waits for that a bounded time. */
    @Override
    public void close() {
        units.add(STOP);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(STOP_WAIT_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
