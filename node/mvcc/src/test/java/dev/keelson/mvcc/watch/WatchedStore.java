package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.Compaction;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.backend.InMemoryBackend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A store in memory, the hub beside it, and in between the queue of what is written but not published: tests decide when
 * it moves on.
 */
final class WatchedStore implements ViewSource {

    static final long PROGRESS_TICKS = 10;
    static final WatchLimits SMALL = new WatchLimits(4_000, 8, 3, 2_000, 4, 16);
    private static final int SLICES_MAX = 100_000;

    private final Deque<Publication> unpublished = new ArrayDeque<>();
    InMemoryBackend backend = new InMemoryBackend();
    MvccStore store = MvccStore.open(backend);
    final WatchHub hub;
    boolean hasViews = true;
    int scans;

    private record Publication(long revision, List<Event> events) {}

    WatchedStore(WatchLimits limits) {
        this.hub = new WatchHub(limits, this, store.revision(), PROGRESS_TICKS, new SplittableRandom(1));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static WatchRequest watch(String key, String end, long start) {
        return new WatchRequest(0, bytes(key), bytes(end), start, false, false, false, false, false);
    }

    static WatchRequest withPrevKv(WatchRequest request) {
        return new WatchRequest(
                request.watchId(),
                request.key(),
                request.rangeEnd(),
                request.startRevision(),
                false,
                false,
                false,
                true,
                false);
    }

    static WatchRequest withProgress(WatchRequest request) {
        return new WatchRequest(
                request.watchId(),
                request.key(),
                request.rangeEnd(),
                request.startRevision(),
                true,
                false,
                false,
                false,
                false);
    }

    static WatchRequest withId(long id, WatchRequest request) {
        return new WatchRequest(
                id, request.key(), request.rangeEnd(), request.startRevision(), false, false, false, false, false);
    }

    WatcherStream open(WatchSink sink) {
        var stream = new WatcherStream(sink);
        hub.open(stream);
        return stream;
    }

    void create(WatcherStream stream, WatchRequest request) {
        hub.create(stream, request, store.revision());
    }

    /** Writes without publishing. */
    void write(Consumer<StoreBatch> operations) {
        StoreBatch batch = store.begin();
        operations.accept(batch);
        batch.commit();
        if (!batch.events().isEmpty()) {
            unpublished.add(new Publication(batch.revision(), batch.events()));
        }
    }

    void publishOne() {
        Publication next = unpublished.poll();
        if (next != null) {
            hub.publish(next.revision(), next.events());
        }
    }

    int unpublished() {
        return unpublished.size();
    }

    void publish() {
        while (!unpublished.isEmpty()) {
            publishOne();
        }
    }

    /** Puts each {@code key=value} in a revision of its own, and publishes it. */
    void put(String... rows) {
        for (String row : rows) {
            int split = row.indexOf('=');
            write(batch -> batch.put(PutRequest.of(bytes(row.substring(0, split)), bytes(row.substring(split + 1)))));
            publish();
        }
    }

    void delete(String key) {
        write(batch -> batch.deleteRange(new DeleteRangeRequest(bytes(key), new byte[0], false)));
        publish();
    }

    void txn(Operation... operations) {
        write(batch -> batch.txn(new TxnRequest(List.of(), List.of(operations), List.of())));
        publish();
    }

    /** Compacts and removes what that supersedes. */
    void compact(long revision) {
        write(batch -> {
            long _ = batch.compact(revision);
        });
        for (Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
            next.step(1_000);
        }
    }

    /** Lets everybody catch up who can. */
    void catchUp() {
        for (int slice = 0; hub.catchUp(); slice++) {
            if (slice > SLICES_MAX) {
                throw new AssertionError("catching up does not end");
            }
        }
    }

    @Override
    public boolean read(Consumer<ReadView> reader) {
        if (!hasViews) {
            return false;
        }
        scans++;
        try (ReadView view = store.view()) {
            reader.accept(view);
        }
        return true;
    }

    @Override
    public long compactRevision() {
        return store.compactRevision();
    }

    /** Forgets what is not published and tells the hub to go on from here, as when a snapshot was installed. */
    void skip() {
        unpublished.clear();
        hasViews = true;
        hub.skipTo(store.revision());
    }
}
