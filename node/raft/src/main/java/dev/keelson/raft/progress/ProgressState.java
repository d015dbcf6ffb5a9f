package dev.keelson.raft.progress;

/** How a leader brings a member up to date. */
public enum ProgressState {
    /** Where the logs agree is not known: one append at a time. */
    PROBE,
    /** The logs agree: appends are pipelined ahead of their answers, within a window. */
    REPLICATE,
    /** The member needs the store itself; no appends until its log connects to the leader's. */
    SNAPSHOT
}
