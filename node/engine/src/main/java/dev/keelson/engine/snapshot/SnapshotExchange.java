package dev.keelson.engine.snapshot;

import dev.keelson.engine.SnapshotStore;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.Workers;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message.InstallSnapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Sends the store to members that fell behind the log, and puts a received one in the place of this node's.
 *
 * <p>Sending: flush in the background, so that freezing is only links; freeze on the apply worker, so that the applied
 * point that goes with it stands still; stream. The log keeps its tail while one is under way ({@link #sending}), or the
 * receiver would need the next snapshot at once.
 *
 * <p>Installing, in this order:
 *
 * <ol>
 *   <li>A mark by which a restart knows that the store may be ahead of the log is synced to the log.
 *   <li>Apply pauses, readers leave, nothing runs in the background.
 *   <li>The files are swapped by one rename and opened; users and roles are read before anybody may enter (etcd #14571).
 *   <li>The log starts anew behind the snapshot; a crash before that is completed at the next start.
 *   <li>The core is told, apply goes on.
 * </ol>
 *
 * <p>Thread rule: {@link #send} and {@link #install} on the consensus worker.
 */
public final class SnapshotExchange {

    private final SnapshotStore files;
    private final DurableLog log;
    private final StoreGate gate;
    private final ApplyWorker apply;
    private final Workers workers;
    private final Consumer<Throwable> failure;
    private final AtomicInteger sending = new AtomicInteger();

    public SnapshotExchange(
            SnapshotStore files,
            DurableLog log,
            StoreGate gate,
            ApplyWorker apply,
            Workers workers,
            Consumer<Throwable> failure) {
        this.files = files;
        this.log = log;
        this.gate = gate;
        this.apply = apply;
        this.workers = workers;
        this.failure = failure;
    }

    /** Whether a snapshot is on its way to a peer. */
    public boolean sending() {
        return sending.get() > 0;
    }

    /** Sends the store to the peer that {@code request} names. */
    public void send(InstallSnapshot request, RaftLoop loop) {
        sending.incrementAndGet();
        workers.background().execute(guarded(() -> {
            files.backend().flush();
            workers.apply().execute(guarded(() -> freezeAndStream(request, loop)));
        }));
    }

    private void freezeAndStream(InstallSnapshot request, RaftLoop loop) {
        SnapshotStore.Frozen frozen = files.freeze();
        var point = apply.applied();
        var metadata = new SnapshotMetadata(
                point.index(), point.term(), apply.membership().confState());
        var message = new InstallSnapshot(request.from(), request.to(), request.term(), metadata);
        files.send(frozen, message, delivered -> {
            sending.decrementAndGet();
            loop.post(core -> core.reportSnapshot(request.to(), delivered));
        });
    }

    /** Puts the received snapshot in place; {@code loaded} is told the membership it brought. */
    public void install(SnapshotMetadata metadata, RaftLoop loop, Consumer<Membership> loaded) {
        workers.append().execute(guarded(() -> {
            markInstall(metadata);
            log.sync();
            workers.apply().execute(guarded(() -> {
                apply.pause();
                gate.close(() -> workers.background().execute(guarded(() -> swap(metadata, loop, loaded))));
            }));
        }));
    }

    /**
     * Leaves the mark by which a restart can tell a store that is ahead of its log from a log that lost its end.
     *
     * <p>Only for a log that ends before the snapshot. A longer one contradicts it there, which is mark enough; and a
     * commit index stored beside it would make a restart before the swap apply the entries of a deposed leader.
     */
    private void markInstall(SnapshotMetadata metadata) {
        if (log.lastIndex() < metadata.index()) {
            HardState state = log.hardState();
            log.append(new HardState(state.term(), state.vote(), metadata.index()), List.of());
        }
    }

    private void swap(SnapshotMetadata metadata, RaftLoop loop, Consumer<Membership> loaded) {
        gate.store().close();
        MvccStore replacement = MvccStore.open(files.install(metadata));
        workers.append().execute(guarded(() -> {
            HardState state = log.hardState();
            log.reset(metadata, new HardState(state.term(), state.vote(), metadata.index()));
            workers.apply().execute(guarded(() -> {
                apply.prepare(replacement);
                gate.open(replacement);
                apply.resume(loaded);
                loop.installed(core -> core.onSnapshotInstalled(metadata));
                loop.applied(metadata.index());
            }));
        }));
    }

    private Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException | Error cause) {
                failure.accept(cause);
            }
        };
    }
}
