package dev.keelson.raft;

import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.progress.ProgressState;

/** A node's account of itself at one moment; small, since the loop around it takes one in every turn. */
public record RaftStatus(
        long id,
        Role role,
        long leader,
        long term,
        long vote,
        long commit,
        long applied,
        long lastIndex,
        long leadTransferee,
        ConfState confState) {

    /** What the leader knows of one member. */
    public record PeerStatus(
            long id, long match, long next, ProgressState state, boolean learner, boolean recentlyActive) {}
}
