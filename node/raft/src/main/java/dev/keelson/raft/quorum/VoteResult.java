package dev.keelson.raft.quorum;

/** What the votes so far amount to. */
public enum VoteResult {
    /** A majority granted. */
    WON,
    /** So many refused that no majority can grant any more. */
    LOST,
    /** The missing votes decide. */
    PENDING
}
