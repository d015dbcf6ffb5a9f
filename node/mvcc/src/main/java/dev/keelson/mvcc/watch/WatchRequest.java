package dev.keelson.mvcc.watch;

/**
 * What a client wants to hear of.
 *
 * @param watchId the id its answers shall carry; 0 lets the stream choose
 * @param key the key, or the first of a range; empty stands for the first of all keys
 * @param rangeEnd as in a range request: empty for one key, a zero byte for all from {@code key} on
 * @param startRevision first revision of interest; 0 for what comes after now
 * @param progressNotify whether to hear from time to time that nothing was missed
 * @param noPut whether puts are of no interest
 * @param noDelete whether deletes are of no interest
 * @param prevKv whether events shall carry what the key was before
 * @param fragment whether a large answer may come in pieces
 */
public record WatchRequest(
        long watchId,
        byte[] key,
        byte[] rangeEnd,
        long startRevision,
        boolean progressNotify,
        boolean noPut,
        boolean noDelete,
        boolean prevKv,
        boolean fragment) {}
