package dev.keelson.server.grpc;

import dev.keelson.api.etcd.SnapshotResponse;
import dev.keelson.engine.NodeEngine;
import dev.keelson.mvcc.StoreError;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The snapshots that are on their way to clients, each on a thread of its own: reading a whole store must hold up neither
 * writes nor other reads.
 *
 * <p>Thread rule: {@link #start} from any thread; {@link #close} once, before the store is let go.
 */
public final class SnapshotExports implements AutoCloseable {

    /** Snapshots at a time: each takes as much of the disk as the store. */
    private static final int EXPORTS_MAX = 4;

    private final Supplier<Path> files;
    private final Semaphore room = new Semaphore(EXPORTS_MAX);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** @param files names of files that do not exist yet, in a place that is cleared at the next start */
    public SnapshotExports(Supplier<Path> files) {
        this.files = files;
    }

    /** Answers a call; within the call's method. */
    void start(NodeEngine engine, ServerCallStreamObserver<SnapshotResponse> call) {
        if (!room.tryAcquire()) {
            call.onError(Statuses.of(StoreError.TOO_MANY_REQUESTS).asRuntimeException());
            return;
        }
        var export = new SnapshotCall(engine, call, () -> stopping);
        Thread thread = Thread.ofPlatform().name("snapshot-export").daemon().unstarted(() -> run(export));
        threads.add(thread);
        export.listen(thread);
        thread.start();
    }

    private void run(SnapshotCall export) {
        try {
            if (!stopping) {
                export.run(files.get());
            }
        } finally {
            room.release();
            threads.remove(Thread.currentThread());
        }
    }

    /** Ends what is under way and returns when no thread reads the store any more. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        List<Thread> running = new ArrayList<>(threads);
        for (Thread thread : running) {
            thread.join();
        }
    }
}
