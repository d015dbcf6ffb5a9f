package dev.keelson.engine.watch;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.Turn;
import dev.keelson.engine.Worker;
import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.watch.ViewSource;
import dev.keelson.mvcc.watch.WatchCounts;
import dev.keelson.mvcc.watch.WatchHub;
import dev.keelson.mvcc.watch.WatchRequest;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import dev.keelson.mvcc.watch.WatcherStream;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The door for clients that watch, and the way of what was applied to them.
 *
 * <p>What clients ask and what the store has changed come to the watch worker in one queue, so that a client sees its own
 * requests in order, and a request that follows the answer to a write finds that write published.
 *
 * <p>Changes are bounded in bytes. What exceeds that, and what comes while nobody watches, is not queued: the hub is told
 * to go on from its revision, and who has missed it reads the history. One such order stands for all that follow it until
 * the hub takes it; what was queued in between it then knows already.
 *
 * <p>Thread rule: {@link #changed} and {@link #storeReplaced} on the apply worker; all else from any thread.
 */
public final class Watches {

    private final WatchHub hub;
    private final StoreGate gate;
    private final Consumer<Throwable> failure;
    private final Turn turn;
    private final Queue<Runnable> posts = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong skippedTo = new AtomicLong();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong ticks = new AtomicLong();
    private volatile WatchCounts counts = WatchCounts.NONE;
    private volatile boolean failed;

    public Watches(EngineConfig config, StoreGate gate, Worker worker, Consumer<Throwable> failure) {
        this.gate = gate;
        this.failure = failure;
        this.turn = new Turn(worker, this::work);
        this.hub = new WatchHub(
                config.watch(),
                new GatedViews(gate),
                gate.store().revision(),
                config.timing().progressTicks(),
                new SplittableRandom(config.firstRequestId()));
    }

    private record GatedViews(StoreGate gate) implements ViewSource {

        @Override
        public boolean read(Consumer<ReadView> reader) {
            return gate.tryUse(store -> {
                try (ReadView view = store.view()) {
                    reader.accept(view);
                }
            });
        }

        @Override
        public long compactRevision() {
            return gate.store().compactRevision();
        }
    }

    /** Opens a stream whose answers go to {@code sink}. */
    public WatchStream open(WatchSink sink) {
        var stream = new WatcherStream(sink);
        streams.incrementAndGet();
        post(() -> hub.open(stream));
        return new Client(stream);
    }

    /** One write has brought the store to {@code revision} by these changes. */
    public void changed(long revision, List<Event> events) {
        if (streams.get() == 0) {
            skipTo(revision);
            return;
        }
        if (queuedBytes.get() > NodeLimits.PUBLICATION_BYTES_MAX) {
            skipTo(revision);
            turn.request();
            return;
        }
        long bytes = WatchHub.footprintBytes(events);
        queuedBytes.addAndGet(bytes);
        post(() -> {
            queuedBytes.addAndGet(-bytes);
            hub.publish(revision, events);
        });
    }

    private void skipTo(long revision) {
        if (skippedTo.getAndSet(revision) == 0) {
            posts.add(() -> hub.skipTo(skippedTo.getAndSet(0)));
        }
    }

    /** A received snapshot has taken the store's place. */
    public void storeReplaced() {
        long revision = gate.store().revision();
        post(() -> hub.skipTo(revision));
    }

    /** Lets one unit of time pass. */
    public void tick() {
        ticks.incrementAndGet();
        if (streams.get() > 0) {
            turn.request();
        }
    }

    /** How much there is to do, as of the last turn. */
    public WatchCounts counts() {
        return counts;
    }

    private void post(Runnable work) {
        posts.add(work);
        turn.request();
    }

    private void work() {
        if (failed) {
            return;
        }
        try {
            takePosts();
            hub.tick(ticks.get());
            boolean more = hub.catchUp();
            counts = hub.counts();
            if (more || !posts.isEmpty()) {
                turn.request();
            }
        } catch (RuntimeException | Error cause) {
            failed = true;
            failure.accept(cause);
        }
    }

    private void takePosts() {
        for (int taken = 0; taken < NodeLimits.WATCH_POSTS_MAX; taken++) {
            Runnable next = posts.poll();
            if (next == null) {
                return;
            }
            next.run();
        }
    }

    /** What a client may ask of its stream. */
    private final class Client implements WatchStream {

        private final WatcherStream stream;
        private final Turn resume;
        private final AtomicBoolean closed = new AtomicBoolean();

        Client(WatcherStream stream) {
            this.stream = stream;
            // Room may come and go with every message; one look at it is enough for all that was queued before.
            this.resume = new Turn(Watches.this::post, () -> hub.resume(stream));
        }

        @Override
        public void create(WatchRequest request) {
            long revision = gate.store().revision();
            post(() -> hub.create(stream, request, revision));
        }

        @Override
        public void refuse(String reason) {
            long revision = gate.store().revision();
            post(() -> hub.refuse(stream, reason, revision));
        }

        @Override
        public void cancel(long watchId) {
            post(() -> hub.cancel(stream, watchId));
        }

        @Override
        public void requestProgress() {
            long revision = gate.store().revision();
            post(() -> hub.requestProgress(stream, revision));
        }

        @Override
        public void resume() {
            resume.request();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                post(() -> {
                    hub.close(stream);
                    streams.decrementAndGet();
                });
            }
        }
    }
}
