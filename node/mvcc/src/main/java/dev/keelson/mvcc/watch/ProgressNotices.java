package dev.keelson.mvcc.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Tells watchers that they have missed nothing: when the client asks, for all of its stream at once, and from time to time
 * those who want it and have heard of nothing else.
 *
 * <p>Who lags, or waits for a revision that is not reached, is told nothing, and neither is a stream of which one
 * does. A sink without room is not told either: asked for, the answer waits for the room; unasked, it is left out.
 *
 * <p>Thread rule: the watch worker only.
 */
final class ProgressNotices {

    /** The id that stands for all watchers of a stream. */
    private static final long ALL = -1;

    /** Up to one part in so many is added to each interval, so that not all streams are told at once. */
    private static final int JITTER_PART = 10;

    private final Watchers watchers;
    private final long intervalTicks;
    private final RandomGenerator random;

    /** Streams that asked at a revision that is not published yet. */
    private final List<WatcherStream> waiting = new ArrayList<>();

    private long ticks;

    ProgressNotices(Watchers watchers, long intervalTicks, RandomGenerator random) {
        this.watchers = watchers;
        this.intervalTicks = intervalTicks;
        this.random = random;
    }

    void opened(WatcherStream stream) {
        stream.progressDue = nextDue();
    }

    private long nextDue() {
        return ticks + intervalTicks + random.nextLong(intervalTicks / JITTER_PART + 1);
    }

    void request(WatcherStream stream, long revision, long published) {
        boolean isWaiting = stream.progressAsked > published;
        stream.progressAsked = revision;
        if (revision <= published) {
            answer(stream, published);
        } else if (!isWaiting) {
            waiting.add(stream);
        }
    }

    /** What some have waited for may be published now. */
    void published(long published) {
        if (waiting.isEmpty()) {
            return;
        }
        waiting.removeIf(stream -> {
            boolean due = stream.progressAsked <= published;
            if (due) {
                answer(stream, published);
            }
            return due || stream.closed;
        });
    }

    /** There is room for an answer that had none. */
    void resumed(WatcherStream stream, long published) {
        if (stream.progressAsked != 0 && stream.progressAsked <= published) {
            answer(stream, published);
        }
    }

    private static void answer(WatcherStream stream, long published) {
        if (stream.closed || !haveAllHeard(stream, published)) {
            stream.progressAsked = 0;
        } else if (stream.sink.hasRoom()) {
            stream.progressAsked = 0;
            stream.sink.progress(ALL, published);
        }
    }

    private static boolean haveAllHeard(WatcherStream stream, long published) {
        if (stream.watchers.isEmpty() || stream.laggingCount() > 0) {
            return false;
        }
        for (Watcher watcher : stream.watchers.values()) {
            if (!watcher.hasHeardThrough(published)) {
                return false;
            }
        }
        return true;
    }

    void tick(long now, long published) {
        ticks = now;
        for (WatcherStream stream : watchers.streams()) {
            if (now >= stream.progressDue) {
                stream.progressDue = nextDue();
                if (stream.progressWatchers > 0) {
                    notifyIdle(stream, published);
                }
            }
        }
    }

    private static void notifyIdle(WatcherStream stream, long published) {
        for (Watcher watcher : stream.watchers.values()) {
            if (!watcher.is(Watcher.PROGRESS_NOTIFY)) {
                continue;
            }
            if (watcher.is(Watcher.HEARD)) {
                watcher.clear(Watcher.HEARD);
            } else if (watcher.hasHeardThrough(published) && stream.sink.hasRoom()) {
                stream.sink.progress(watcher.id, published);
            }
        }
    }
}
