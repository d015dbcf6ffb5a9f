package dev.keelson.engine.apply;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.Turn;
import dev.keelson.engine.Worker;
import dev.keelson.mvcc.Compaction;
import dev.keelson.mvcc.MvccStore;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes in the background what a compaction made superfluous, a bounded number of rows a turn.
 *
 * <p>Thread rule: {@link #wake} and {@link #whenFinished} from any thread; the work on the background worker.
 */
public final class CompactionRunner {

    private final StoreGate gate;
    private final EngineProbe probe;
    private final Consumer<Throwable> failure;
    private final Turn turn;
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private @Nullable MvccStore store;
    private @Nullable Compaction running;
    private long runningBegan;

    private record Waiter(long revision, Runnable finished) {}

    public CompactionRunner(StoreGate gate, Worker worker, EngineProbe probe, Consumer<Throwable> failure) {
        this.gate = gate;
        this.probe = probe;
        this.failure = failure;
        this.turn = new Turn(worker, this::work);
    }

    /** Looks for compaction work; cheap when there is none. */
    public void wake() {
        turn.request();
    }

    /** Runs {@code finished} once no row superseded at {@code revision} is left. */
    public void whenFinished(long revision, Runnable finished) {
        waiters.add(new Waiter(revision, finished));
        turn.request();
    }

    private void work() {
        try {
            MvccStore current = gate.store();
            if (running == null || store != current) {
                store = current;
                run(current.pendingCompaction());
            }
            if (running != null) {
                if (step(running)) {
                    turn.request();
                    return;
                }
                probe.compacted(running.revision(), running.removedRevisions(), runningBegan);
            }
            run(current.pendingCompaction());
            if (running != null) {
                turn.request();
                return;
            }
            answer(current.compactRevision());
        } catch (RuntimeException | Error cause) {
            failure.accept(cause);
        }
    }

    private void run(@Nullable Compaction next) {
        running = next;
        runningBegan = probe.begin();
    }

    private boolean step(Compaction compaction) {
        long began = probe.begin();
        boolean more = compaction.step(NodeLimits.COMPACTION_ROWS_MAX);
        probe.compactionStepped(began);
        return more;
    }

    private void answer(long finishedRevision) {
        waiters.removeIf(waiter -> {
            boolean due = waiter.revision() <= finishedRevision;
            if (due) {
                waiter.finished().run();
            }
            return due;
        });
    }
}
