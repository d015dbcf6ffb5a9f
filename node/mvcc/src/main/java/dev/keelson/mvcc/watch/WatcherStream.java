package dev.keelson.mvcc.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The watchers of one client connection, as the hub keeps them.
 *
 * <p>Thread rule: made anywhere, used by the {@link WatchHub} only.
 */
public final class WatcherStream {

    final WatchSink sink;
    final Map<Long, Watcher> watchers = new HashMap<>();

    /** Those that lag, in no order. */
    private final List<Watcher> lagging = new ArrayList<>();

    /** The first id that was never chosen by the stream; ids given up do not come back by themselves. */
    private long nextId;

    /** Who is served next of those that lag. */
    private int turn;

    /** Whether the stream waits for its turn to catch up. */
    boolean queued;

    boolean closed;

    /** The store's revision when the client asked for progress, 0 when it does not wait for an answer. */
    long progressAsked;

    /** How many watchers want to hear of progress unasked, and the tick at which they do. */
    int progressWatchers;

    long progressDue;

    public WatcherStream(WatchSink sink) {
        this.sink = sink;
    }

    /** The id for a watcher whose client leaves the choice to the stream. */
    long chooseId() {
        while (watchers.containsKey(nextId)) {
            nextId++;
        }
        return nextId++;
    }

    int laggingCount() {
        return lagging.size();
    }

    /** The one of those that lag that stands {@code offset} behind the one whose turn it is. */
    Watcher lagging(int offset) {
        return lagging.get((int) (((long) turn + offset) % lagging.size()));
    }

    /** Lets the turn pass on to the one that stands {@code offset} behind. */
    void passTurn(int offset) {
        turn = (int) (((long) turn + offset) % lagging.size());
    }

    void lag(Watcher watcher) {
        watcher.lagSlot = lagging.size();
        lagging.add(watcher);
    }

    void fallIn(Watcher watcher) {
        Watcher last = lagging.removeLast();
        if (last.lagSlot != watcher.lagSlot) {
            lagging.set(watcher.lagSlot, last);
            last.lagSlot = watcher.lagSlot;
        }
    }
}
