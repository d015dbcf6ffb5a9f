package dev.keelson.sim.check;

import java.util.List;

/**
 * One thing that a watcher asked or was told, in the order in which its stream brought it. A watcher has a number of its
 * own in the history, whatever its id on the stream: one that goes on where another ended is another.
 */
public sealed interface WatchRecord {

    int watcher();

    /** When it was asked or told, on the one clock of the history. */
    long at();

    /** The client asked for it; its first record. */
    record Asked(int watcher, long at, WatchSpec spec) implements WatchRecord {}

    /** It exists; {@code revision} was that of the store. */
    record Created(int watcher, long at, long revision) implements WatchRecord {}

    /**
     * Events.
     *
     * @param revision that of the header
     * @param fragment whether more pieces of the same answer follow
     */
    record Events(int watcher, long at, long revision, List<WatchEvent> events, boolean fragment)
            implements WatchRecord {
        public Events {
            events = List.copyOf(events);
        }
    }

    /** It has missed nothing up to the revision; also of an answer that speaks of all watchers of its stream. */
    record Progress(int watcher, long at, long revision) implements WatchRecord {}

    /** It ended; {@code compactRevision} is 0 unless it did because what it wanted was compacted there. */
    record Canceled(int watcher, long at, long compactRevision) implements WatchRecord {}
}
