package dev.keelson.engine;

/**
 * What a store counts of itself at one moment.
 *
 * @param compactRevision the last compaction that was ordered, -1 before the first
 * @param sizeBytes what it occupies, space not yet reclaimed included
 * @param sizeInUseBytes what of it live data and kept history occupy
 * @param keys keys that are live
 * @param openViews reads of its newest state that are under way
 */
public record StoreStatus(
        long revision, long compactRevision, long sizeBytes, long sizeInUseBytes, long keys, int openViews) {}
