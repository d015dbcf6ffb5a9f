package dev.keelson.mvcc.watch;

/**
 * The port to the client at the end of a stream of watches.
 *
 * <p>Answers come in the order in which the client is to see them. A header revision promises that everything at or below
 * it which this watcher wants was handed to the sink before.
 *
 * <p>Thread rule: called on the watch worker only; must not block. A sink that has taken what it wants to hold says so by
 * {@link #hasRoom} and calls {@link WatchStream#resume} once it has room again.
 */
public interface WatchSink {

    /** Whether events may be handed over; answers other than events come even when there is no room. */
    boolean hasRoom();

    /** The watcher exists under this id; {@code revision} is that of the store at this moment. */
    void created(long watchId, long revision);

    /** The watcher could not be created; the client hears of it under the id -1. */
    void refused(String reason, long revision);

    /** Events of one watcher, never parts of one revision without the rest of it. */
    void events(long watchId, EventList events, long revision);

    /** The watcher has missed nothing up to {@code revision}; id -1 speaks of all watchers of the stream. */
    void progress(long watchId, long revision);

    /** The client asked for the end of the watcher. */
    void canceled(long watchId, long revision);

    /** The watcher ends because what it wants to hear of was compacted at {@code compactRevision}. */
    void compacted(long watchId, long compactRevision);
}
