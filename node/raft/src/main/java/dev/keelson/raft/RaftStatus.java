package dev.keelson.raft;

import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.progress.ProgressState;
import java.util.List;

/** A node's account of itself at one moment. {@code peers} is empty unless it leads. */
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
        ConfState confState,
        List<PeerStatus> peers) {

    /** What the leader knows of one member. */
    public record PeerStatus(
            long id, long match, long next, ProgressState state, boolean learner, boolean recentlyActive) {}
}
