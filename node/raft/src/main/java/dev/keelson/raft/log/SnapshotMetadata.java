package dev.keelson.raft.log;

import dev.keelson.raft.confchange.ConfState;

/**
 * The point of the log that a snapshot of the state machine stands for.
 *
 * @param index the last applied index the snapshot contains, 0 when there is none
 * @param term the term of the entry at {@code index}
 * @param confState the membership in force after {@code index}
 */
public record SnapshotMetadata(long index, long term, ConfState confState) {

    /** No snapshot: the log starts at index 1. */
    public static final SnapshotMetadata NONE = new SnapshotMetadata(0, 0, ConfState.EMPTY);
}
