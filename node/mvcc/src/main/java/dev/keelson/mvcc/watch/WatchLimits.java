package dev.keelson.mvcc.watch;

/**
 * The bounds of what the watch hub keeps and does at a time. None of them is a bound for one revision: what one operation
 * has changed is never split.
 *
 * @param ringBytesMax recent events kept for watchers that lag a little, in bytes
 * @param ringRevisionsMax the same in revisions
 * @param answerRevisionsMax revisions of the events that are delivered together (etcd: 1,000)
 * @param answerBytesMax bytes of the events that are delivered together, and those read from the history at a time
 * @param sliceWatchersMax watchers that one look into the past serves (etcd: 512)
 * @param sliceInspectedMax watchers looked at to find those
 */
public record WatchLimits(
        long ringBytesMax,
        long ringRevisionsMax,
        int answerRevisionsMax,
        long answerBytesMax,
        int sliceWatchersMax,
        int sliceInspectedMax) {

    /** Watchers of one stream: each costs memory for as long as its client likes, and a stream is all a client needs. */
    public static final int STREAM_WATCHERS_MAX = 200_000;

    public static final WatchLimits DEFAULTS = new WatchLimits(16L << 20, 16 * 1024, 1_000, 1L << 20, 512, 4_096);
}
