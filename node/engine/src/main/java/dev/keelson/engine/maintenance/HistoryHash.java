package dev.keelson.engine.maintenance;

import dev.keelson.mvcc.HashKvResult;

/**
 * What a member's history comes to.
 *
 * @param result the hash, and what it is of
 * @param revision how far the member's store had come
 */
public record HistoryHash(HashKvResult result, long revision) {

    /** Whether the two are of the same part of a history, so that they must be equal. */
    boolean isComparable(HistoryHash other) {
        return result.hashRevision() == other.result.hashRevision()
                && result.compactRevision() == other.result.compactRevision();
    }

    /** Whether both are of the same part of a history and differ. */
    boolean contradicts(HistoryHash other) {
        return isComparable(other) && result.hash() != other.result.hash();
    }
}
