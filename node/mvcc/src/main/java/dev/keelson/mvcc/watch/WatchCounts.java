package dev.keelson.mvcc.watch;

/**
 * How much there is to do for those who watch.
 *
 * @param streams open streams
 * @param watchers watchers of all streams
 * @param laggingWatchers those that have not been told everything yet
 * @param pendingRevisions the revisions that those have still to hear of or to skip, all together
 * @param deliveredEvents events handed over since the start, counted once for each watcher
 */
public record WatchCounts(int streams, int watchers, int laggingWatchers, long pendingRevisions, long deliveredEvents) {

    public static final WatchCounts NONE = new WatchCounts(0, 0, 0, 0, 0);
}
