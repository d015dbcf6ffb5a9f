package dev.keelson.raft;

import dev.keelson.raft.quorum.JointConfig;
import dev.keelson.raft.quorum.VoteResult;
import java.util.HashMap;
import java.util.Map;

/** The votes of one election; each member's first answer counts. */
final class VoteTally {

    private final Map<Long, Boolean> votes = new HashMap<>();

    void record(long voter, boolean granted) {
        votes.putIfAbsent(voter, granted);
    }

    VoteResult result(JointConfig voters) {
        return voters.voteResult(id -> Boolean.TRUE.equals(votes.get(id)), id -> Boolean.FALSE.equals(votes.get(id)));
    }
}
