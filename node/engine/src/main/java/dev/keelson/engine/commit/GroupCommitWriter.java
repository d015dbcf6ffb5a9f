package dev.keelson.engine.commit;

import dev.keelson.engine.Turn;
import dev.keelson.engine.Worker;
import dev.keelson.raft.Ready;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.message.Message;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Stores what the consensus core wants stored, with one sync for all that has gathered since the last.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Tasks are appended in the order they were given; a message of a task leaves after the sync that covers it.
 *   <li>One sync is in flight; what arrives meanwhile waits for the next, which covers all of it.
 *   <li>A task without need of a sync still waits for the tasks before it: an append response must not overtake the
 *       entries it speaks of.
 *   <li>After a failure nothing is appended, sent or acknowledged any more.
 * </ul>
 *
 * <p>Thread rule: {@link #submit} on the consensus worker; everything else on the append worker.
 */
public final class GroupCommitWriter {

    private final DurableLog log;
    private final Consumer<Message> outbox;
    private final DurableListener durable;
    private final Consumer<Throwable> failure;
    private final Queue<AppendTask> tasks = new ConcurrentLinkedQueue<>();
    private final Turn turn;
    private boolean failed;

    /** Told on the append worker that the log is durable through {@code index} as it was handed out in {@code term}. */
    @FunctionalInterface
    public interface DurableListener {
        void durable(long term, long index);
    }

    public GroupCommitWriter(
            DurableLog log,
            Consumer<Message> outbox,
            Worker worker,
            DurableListener durable,
            Consumer<Throwable> failure) {
        this.log = log;
        this.outbox = outbox;
        this.durable = durable;
        this.failure = failure;
        this.turn = new Turn(worker, this::storeGathered);
    }

    /** Takes over the part of {@code ready} that concerns the disk. */
    public void submit(Ready ready) {
        submit(AppendTask.of(ready, null));
    }

    /** The same, and {@code afterSync} on the append worker when it is durable. */
    public void submit(Ready ready, Runnable afterSync) {
        submit(AppendTask.of(ready, afterSync));
    }

    private void submit(AppendTask task) {
        if (!task.isEmpty()) {
            tasks.add(task);
            turn.request();
        }
    }

    private void storeGathered() {
        if (failed) {
            return;
        }
        try {
            var gathered = new ArrayDeque<AppendTask>();
            for (AppendTask task = tasks.poll(); task != null; task = tasks.poll()) {
                gathered.add(task);
            }
            store(gathered);
        } catch (RuntimeException | Error cause) {
            // The log may hold any part of the batch now; going on could acknowledge what a restart will not find.
            failed = true;
            failure.accept(cause);
        }
    }

    private void store(ArrayDeque<AppendTask> gathered) {
        boolean mustSync = false;
        AppendTask last = null;
        for (AppendTask task : gathered) {
            if (task.hardState() != null || !task.entries().isEmpty()) {
                log.append(task.hardState(), task.entries());
            }
            mustSync |= task.mustSync();
            if (!task.entries().isEmpty()) {
                last = task;
            }
        }
        if (mustSync) {
            log.sync();
        }
        if (last != null) {
            durable.durable(last.term(), last.entries().getLast().index());
        }
        for (AppendTask task : gathered) {
            for (var message : task.messages()) {
                outbox.accept(message);
            }
            if (task.afterSync() != null) {
                task.afterSync().run();
            }
        }
    }
}
