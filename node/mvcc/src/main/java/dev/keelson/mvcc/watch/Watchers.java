package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.KeyRange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All watchers, with the three places each is in kept in accord: its stream, its group, and those that lag; and the
 * queue of the streams that have somebody to catch up and room for it.
 *
 * <p>Legal changes: a watcher comes in step or lagging, {@link #lag} and {@link #fallIn} alternate, it goes from either.
 *
 * <p>Thread rule: the watch worker only.
 */
final class Watchers {

    private final WatchIndex index = new WatchIndex();
    private final Set<WatcherStream> streams = new LinkedHashSet<>();

    /** Streams in the order in which they catch up; one whose sink has no room is not among them. */
    private final Deque<WatcherStream> ready = new ArrayDeque<>();

    private int count;
    private int lagging;
    private long laggingNextSum;
    private long delivered;

    WatchIndex index() {
        return index;
    }

    Set<WatcherStream> streams() {
        return streams;
    }

    Deque<WatcherStream> ready() {
        return ready;
    }

    void open(WatcherStream stream) {
        streams.add(stream);
    }

    void close(WatcherStream stream) {
        if (stream.closed) {
            return;
        }
        stream.closed = true;
        for (Watcher watcher : List.copyOf(stream.watchers.values())) {
            remove(watcher);
        }
        streams.remove(stream);
    }

    /** Makes a watcher that is in step. */
    Watcher add(WatcherStream stream, KeyRange range, long id, long next, int flags) {
        var watcher = new Watcher(stream, index.groupOf(range), id, next, flags);
        watcher.group.add(watcher);
        stream.watchers.put(id, watcher);
        stream.progressWatchers += watcher.is(Watcher.PROGRESS_NOTIFY) ? 1 : 0;
        count++;
        return watcher;
    }

    void remove(Watcher watcher) {
        WatcherStream stream = watcher.stream;
        if (watcher.is(Watcher.LAGS)) {
            stream.fallIn(watcher);
            lagging--;
            laggingNextSum -= watcher.next();
        }
        watcher.group.remove(watcher);
        if (watcher.group.isEmpty()) {
            index.remove(watcher.group);
        }
        stream.watchers.remove(watcher.id);
        stream.progressWatchers -= watcher.is(Watcher.PROGRESS_NOTIFY) ? 1 : 0;
        count--;
    }

    /** The watcher has not been told of {@code next} and what follows. */
    void lag(Watcher watcher, long next) {
        watcher.moveTo(next);
        watcher.group.lag(watcher);
        watcher.stream.lag(watcher);
        lagging++;
        laggingNextSum += next;
    }

    /** One that lags has been told of everything before {@code next}. */
    void advance(Watcher watcher, long next) {
        laggingNextSum += next - watcher.next();
        watcher.moveTo(next);
    }

    /** One that lagged has been told of everything there is. */
    void fallIn(Watcher watcher) {
        watcher.stream.fallIn(watcher);
        watcher.group.fallIn(watcher);
        lagging--;
        laggingNextSum -= watcher.next();
    }

    /** Lines the stream up to catch up, if it has to, can, and is not in line. */
    void lineUp(WatcherStream stream) {
        if (!stream.closed && !stream.queued && stream.laggingCount() > 0 && stream.sink.hasRoom()) {
            stream.queued = true;
            ready.add(stream);
        }
    }

    /** Hands events over; the sink had room. */
    void deliver(Watcher watcher, EventBatch batch, long revision) {
        watcher.stream.sink.events(watcher.id, batch, revision);
        delivered += batch.size();
        if (watcher.is(Watcher.PROGRESS_NOTIFY)) {
            watcher.set(Watcher.HEARD);
        }
    }

    WatchCounts counts(long published) {
        long pending = lagging * (published + 1) - laggingNextSum;
        return new WatchCounts(streams.size(), count, lagging, pending, delivered);
    }
}
