package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.KeyRange;
import dev.keelson.mvcc.StoreError;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings every change to those who watch its key, each once, in order, and from the revision they asked for.
 *
 * <p>What is published is matched once for each group of watchers with the same range and handed at once to those in
 * step. A watcher whose sink has no room is left behind, with nothing kept for it but the revision it stands at, and
 * catches up from the ring or from the history once its sink has room again ({@link CatchUp}): a slow reader costs itself
 * only.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A watcher that does not lag has been told of everything published that it wants.
 *   <li>No revision is told to a watcher twice, or in parts, or after a later one.
 *   <li>A revision in the head of an answer is one that the hub has published and this watcher has been told of, never
 *       the store's newer one (etcd #15220).
 * </ul>
 *
 * <p>Thread rule: the watch worker only.
 */
public final class WatchHub {

    private static final byte[] FIRST_KEY = {0};
    private static final String EMPTY_RANGE = "mvcc: watcher range is empty";
    private static final String TOO_MANY_WATCHERS = "mvcc: too many watchers on the stream";
    private static final String DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";

    private final WatchLimits limits;
    private final ViewSource views;
    private final Watchers watchers = new Watchers();
    private final Gatherer gatherer = new Gatherer(watchers.index());
    private final EventRing ring;
    private final CatchUp catchUp;
    private final ProgressNotices progress;
    private long published;

    /**
     * @param revision the store's, now: what comes next is told from there on
     * @param progressTicks ticks between two notices of progress to a watcher that hears of nothing else
     */
    public WatchHub(WatchLimits limits, ViewSource views, long revision, long progressTicks, RandomGenerator random) {
        this.limits = limits;
        this.views = views;
        this.published = revision;
        this.ring = new EventRing(limits, revision + 1);
        this.catchUp = new CatchUp(limits, watchers, gatherer, ring, views);
        this.progress = new ProgressNotices(watchers, progressTicks, random);
    }

    public void open(WatcherStream stream) {
        watchers.open(stream);
        progress.opened(stream);
    }

    /** @param revision the store's when the client asked */
    public void create(WatcherStream stream, WatchRequest request, long revision) {
        if (stream.closed) {
            return;
        }
        KeyRange range = KeyRange.of(request.key().length == 0 ? FIRST_KEY : request.key(), request.rangeEnd());
        String refusal = refusal(stream, request, range);
        if (refusal != null) {
            stream.sink.refused(refusal, revision);
            return;
        }
        long id = request.watchId() == 0 ? stream.chooseId() : request.watchId();
        long start = request.startRevision();
        long compactRevision = views.compactRevision();
        stream.sink.created(id, revision);
        if (start != 0 && start < compactRevision) {
            stream.sink.compacted(id, compactRevision);
            return;
        }
        Watcher watcher = watchers.add(stream, range, id, start == 0 ? revision + 1 : start, flags(request));
        if (watcher.next() <= published) {
            watchers.lag(watcher, watcher.next());
            watchers.lineUp(stream);
        }
    }

    /** Answers a creation that is not to be, in its turn. */
    public void refuse(WatcherStream stream, String reason, long revision) {
        if (!stream.closed) {
            stream.sink.refused(reason, revision);
        }
    }

    /** Checked in etcd's order. */
    private static @Nullable String refusal(WatcherStream stream, WatchRequest request, KeyRange range) {
        if (request.startRevision() < 0) {
            return StoreError.COMPACTED.text();
        }
        if (range.isEmpty()) {
            return EMPTY_RANGE;
        }
        if (stream.watchers.size() >= WatchLimits.STREAM_WATCHERS_MAX) {
            return TOO_MANY_WATCHERS;
        }
        boolean taken = request.watchId() != 0 && stream.watchers.containsKey(request.watchId());
        return taken ? DUPLICATE_ID : null;
    }

    private static int flags(WatchRequest request) {
        return (request.noPut() ? Watcher.NO_PUT : 0)
                | (request.noDelete() ? Watcher.NO_DELETE : 0)
                | (request.prevKv() ? Watcher.PREV_KV : 0)
                | (request.progressNotify() ? Watcher.PROGRESS_NOTIFY : 0)
                | (request.startRevision() == 0 ? 0 : Watcher.AWAITS);
    }

    /** Ends a watcher; an unknown id gets no answer. */
    public void cancel(WatcherStream stream, long id) {
        Watcher watcher = stream.watchers.get(id);
        if (watcher != null) {
            watchers.remove(watcher);
            stream.sink.canceled(id, watcher.is(Watcher.LAGS) ? watcher.next() - 1 : published);
        }
    }

    /**
     * Answers once for all watchers of the stream, or not at all.
     *
     * @param revision the store's when the client asked: the answer waits until that is published, so that who has seen a
     *     write and then asks is told of nothing older
     */
    public void requestProgress(WatcherStream stream, long revision) {
        if (!stream.closed) {
            progress.request(stream, revision, published);
        }
    }

    /** The sink of the stream has room again. */
    public void resume(WatcherStream stream) {
        watchers.lineUp(stream);
        progress.resumed(stream, published);
    }

    /** Ends all watchers of the stream; its sink is not called again. */
    public void close(WatcherStream stream) {
        watchers.close(stream);
    }

    /**
     * Tells of what one write of the store has changed.
     *
     * @param revision the store's behind it
     * @param events all changes up to there since the revision published before, in order
     */
    public void publish(long revision, List<Event> events) {
        if (revision <= published) {
            return; // told by way of the history, see skipTo
        }
        Invariant.check(
                events.isEmpty() || events.getFirst().revision() > published,
                "an event is published again, or in two parts");
        int at = 0;
        while (at < events.size()) {
            at = gather(events, at);
            published = at == events.size() ? revision : events.get(at).revision() - 1;
            deliver();
            ring.trim(published);
        }
        published = revision;
        progress.published(published);
    }

    /** Gathers as much as may be delivered together; returns where to go on. */
    private int gather(List<Event> events, int first) {
        var bounds = new CatchUp.Bounds(limits);
        int at = first;
        while (at < events.size() && bounds.admits(events.get(at).revision())) {
            var event = new SharedEvent(events.get(at++));
            ring.add(event);
            gatherer.gather(event);
            bounds.add(event.answerBytes());
        }
        return at;
    }

    private void deliver() {
        for (WatchGroup group : gatherer.touched()) {
            Gathering gathering = group.gathering;
            // Backwards, since one that is left behind changes its place with the last of those in step.
            for (int i = group.inStep() - 1; gathering != null && i >= 0; i--) {
                Watcher watcher = group.get(i);
                EventBatch batch = gathering.batchFor(watcher);
                if (batch == null) {
                    continue;
                }
                if (watcher.stream.sink.hasRoom()) {
                    watchers.deliver(watcher, batch, published);
                } else {
                    watchers.lag(watcher, batch.firstRevision());
                }
            }
        }
        gatherer.clear();
    }

    /**
     * Goes on from a revision without the events before it: too many came at once, or another store has taken the place of
     * this one. Who has missed some of them reads them from the history.
     */
    public void skipTo(long revision) {
        catchUp.resume();
        if (revision > published) {
            for (WatcherStream stream : watchers.streams()) {
                for (Watcher watcher : stream.watchers.values()) {
                    if (!watcher.is(Watcher.LAGS) && watcher.next() <= revision) {
                        watchers.lag(watcher, Math.max(watcher.next(), published + 1));
                    }
                }
                watchers.lineUp(stream);
            }
            published = revision;
        }
        ring.restart(published + 1);
        progress.published(published);
    }

    /** Tells one slice of the past to those who lag; true when there is more to tell at once. */
    public boolean catchUp() {
        return catchUp.step(published);
    }

    /** It is {@code ticks} now; who has heard nothing for long is told that there was nothing. */
    public void tick(long ticks) {
        progress.tick(ticks, published);
    }

    /** What these events occupy at most while they wait and are kept. */
    public static long footprintBytes(List<Event> events) {
        long bytes = 0;
        for (Event event : events) {
            bytes += SharedEvent.footprintBytes(event);
        }
        return bytes;
    }

    /** The newest revision that those in step have been told of. */
    public long published() {
        return published;
    }

    public WatchCounts counts() {
        return watchers.counts(published);
    }
}
