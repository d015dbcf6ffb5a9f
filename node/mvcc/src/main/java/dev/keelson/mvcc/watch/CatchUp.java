package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.EventScan;
import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.ReadView;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells watchers that lag what they missed, a bounded slice at a time: from the ring if that reaches back far enough, from
 * the history otherwise.
 *
 * <p>A slice begins at the first revision that one watcher of the stream in front has missed. Those that stand close
 * behind that one, of whatever stream, take part in it, so that a thousand watchers that begin together cost a few scans;
 * those that stand elsewhere have a turn of their own, so that nobody waits for one who has much to catch up.
 *
 * <p>A slice ends at a revision that everybody in it has been told of whole. It goes no further than what is published:
 * what the store holds beyond that is still to come by way of the hub.
 *
 * <p>Thread rule: the watch worker only; no view is held between two slices.
 */
final class CatchUp {

    private final WatchLimits limits;
    private final Watchers watchers;
    private final Gatherer gatherer;
    private final EventRing ring;
    private final ViewSource views;
    private final List<Watcher> chosen = new ArrayList<>();
    private final List<WatcherStream> served = new ArrayList<>();
    private boolean suspended;

    CatchUp(WatchLimits limits, Watchers watchers, Gatherer gatherer, EventRing ring, ViewSource views) {
        this.limits = limits;
        this.watchers = watchers;
        this.gatherer = gatherer;
        this.ring = ring;
        this.views = views;
    }

    /** There are views again. */
    void resume() {
        suspended = false;
    }

    /** Serves one slice; true when there is more to do at once. */
    boolean step(long published) {
        if (suspended) {
            return false;
        }
        long from = choose();
        if (chosen.isEmpty()) {
            return false;
        }
        if (from >= ring.from()) {
            deliver(gatherFromRing(from, published), published);
        } else {
            suspended = !views.read(view -> serveFromHistory(view, from, published));
        }
        chosen.clear();
        lineUpServed();
        return !suspended && !watchers.ready().isEmpty();
    }

    /** The one in front goes to the end: it would be in front again otherwise when all took part. */
    private void lineUpServed() {
        served.add(served.removeFirst());
        served.forEach(watchers::lineUp);
        served.clear();
    }

    /** Finds who takes part; returns the revision to begin at. */
    private long choose() {
        long from = 0;
        int inspected = 0;
        while (!watchers.ready().isEmpty()
                && inspected < limits.sliceInspectedMax()
                && chosen.size() < limits.sliceWatchersMax()) {
            WatcherStream stream = watchers.ready().poll();
            stream.queued = false;
            if (stream.closed || stream.laggingCount() == 0 || !stream.sink.hasRoom()) {
                continue;
            }
            served.add(stream);
            boolean isInFront = chosen.isEmpty();
            if (isInFront) {
                from = stream.lagging(0).next();
            }
            inspected += chooseOf(stream, from, limits.sliceInspectedMax() - inspected, isInFront);
        }
        return from;
    }

    private int chooseOf(WatcherStream stream, long from, int inspectedMax, boolean isInFront) {
        int inspected = 0;
        int passed = -1;
        int most = Math.min(inspectedMax, stream.laggingCount());
        while (inspected < most && chosen.size() < limits.sliceWatchersMax()) {
            Watcher watcher = stream.lagging(inspected);
            if (watcher.next() >= from && watcher.next() - from < limits.answerRevisionsMax()) {
                chosen.add(watcher);
            } else if (passed < 0) {
                passed = inspected;
            }
            inspected++;
        }
        if (isInFront) {
            // Whoever was passed over is in front next time, and so nobody is passed over for ever.
            stream.passTurn(passed < 0 ? inspected : passed);
        }
        return inspected;
    }

    private long gatherFromRing(long from, long published) {
        chosen.forEach(gatherer::choose);
        var bounds = new Bounds(limits);
        for (int i = ring.indexOf(from); i < ring.size(); i++) {
            SharedEvent event = ring.get(i);
            if (!bounds.admits(event.revision())) {
                return bounds.through();
            }
            boolean _ = gatherer.gatherChosen(event);
            bounds.add(event.answerBytes());
        }
        return published;
    }

    private void serveFromHistory(ReadView view, long from, long published) {
        Invariant.check(view.revision() >= published, "the history is older than what was published of it");
        if (from < view.compactRevision()) {
            endCompacted(view.compactRevision());
            return;
        }
        deliver(gatherFromHistory(view, from, published), published);
    }

    private long gatherFromHistory(ReadView view, long from, long published) {
        chosen.forEach(gatherer::choose);
        var bounds = new Bounds(limits);
        try (EventScan scan = view.events(from, published)) {
            for (Event found = scan.next(); found != null; found = scan.next()) {
                if (!bounds.admits(found.revision())) {
                    return bounds.through();
                }
                var event = new SharedEvent(found);
                if (gatherer.gatherChosen(event)) {
                    bounds.add(event.lookUpFormer(view));
                }
                bounds.add(event.answerBytes());
            }
        }
        return published;
    }

    private void endCompacted(long compactRevision) {
        for (Watcher watcher : chosen) {
            if (watcher.next() < compactRevision) {
                watchers.remove(watcher);
                watcher.stream.sink.compacted(watcher.id, compactRevision);
            }
        }
    }

    /** Hands over what was gathered, which is everything through a revision. */
    private void deliver(long through, long published) {
        for (Watcher watcher : chosen) {
            Gathering gathering = watcher.group.gathering;
            EventBatch batch = gathering == null ? null : gathering.batchFor(watcher);
            if (batch != null && !watcher.stream.sink.hasRoom()) {
                watchers.advance(watcher, batch.firstRevision());
                continue;
            }
            if (batch != null) {
                watchers.deliver(watcher, batch, through);
            }
            watchers.advance(watcher, Math.max(watcher.next(), through + 1));
            if (watcher.next() > published) {
                watchers.fallIn(watcher);
            }
        }
        gatherer.clear();
    }

    /** Says when a slice is full, which it may be only between two revisions. */
    static final class Bounds {

        private final WatchLimits limits;
        private long through;
        private int revisions;
        private long bytes;

        Bounds(WatchLimits limits) {
            this.limits = limits;
        }

        /** Whether an event of this revision still fits in. */
        boolean admits(long revision) {
            if (revision == through) {
                return true;
            }
            if (revisions == limits.answerRevisionsMax() || bytes >= limits.answerBytesMax()) {
                return false;
            }
            revisions++;
            through = revision;
            return true;
        }

        void add(long more) {
            bytes += more;
        }

        /** The last revision that fitted in. */
        long through() {
            return through;
        }
    }
}
