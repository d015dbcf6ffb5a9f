package dev.keelson.engine.apply;

import dev.keelson.engine.EngineConfig.LogRetention;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.SnapshotStore;
import dev.keelson.engine.Workers;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Bounds the part of the log that a restart would replay, and gives up the part that nobody needs.
 *
 * <p>A flush of the store is forced when that part passes a limit; the log is cut only behind the applied point that a
 * crash would find (not the one in memory), less the entries kept for members that lag, and not while a snapshot is on
 * its way to one.
 *
 * <p>Thread rule: {@link #applied} on the apply worker; flushes in the background, cuts on the append worker.
 */
public final class LogKeeper {

    private final SnapshotStore files;
    private final DurableLog log;
    private final Workers workers;
    private final LogRetention retention;
    private final BooleanSupplier pinned;
    private final Supplier<ConfState> confState;
    private final Consumer<Throwable> failure;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private volatile long durableIndex;

    /** The parts of a node this class works on. */
    public record Parts(SnapshotStore files, DurableLog log, Workers workers, LogRetention retention) {}

    public LogKeeper(Parts parts, BooleanSupplier pinned, Supplier<ConfState> confState, Consumer<Throwable> failure) {
        this.files = parts.files();
        this.log = parts.log();
        this.workers = parts.workers();
        this.retention = parts.retention();
        this.pinned = pinned;
        this.confState = confState;
        this.failure = failure;
        this.durableIndex = readDurable();
    }

    /** Looks whether a flush is due, now that {@code index} is applied. */
    public void applied(long index) {
        boolean due = index - durableIndex >= retention.replayEntriesMax()
                || log.bytesAfter(durableIndex) >= NodeLimits.REPLAY_BYTES_MAX;
        if (due && flushing.compareAndSet(false, true)) {
            workers.background().execute(this::flushAndCut);
        }
    }

    private void flushAndCut() {
        try {
            long durable = readDurable();
            if (durable <= durableIndex) {
                files.backend().flush();
                durable = readDurable();
            }
            durableIndex = durable;
            long upTo = durable - retention.catchUpEntries();
            workers.append().execute(() -> cut(upTo));
        } catch (RuntimeException | Error cause) {
            failure.accept(cause);
        } finally {
            flushing.set(false);
        }
    }

    private void cut(long upTo) {
        try {
            if (!pinned.getAsBoolean() && upTo >= log.firstIndex() && upTo <= log.lastIndex()) {
                log.cut(new SnapshotMetadata(upTo, log.term(upTo), confState.get()));
            }
        } catch (RuntimeException | Error cause) {
            failure.accept(cause);
        }
    }

    private long readDurable() {
        return AppliedPoint.decode(files.durable(Family.META, MvccStore.metaKey(AppliedPoint.ROW)))
                .index();
    }
}
