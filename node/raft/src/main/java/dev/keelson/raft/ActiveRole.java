package dev.keelson.raft;

/**
 * What a node does because of the role it has.
 *
 * <p>A role object lives from one transition to the next; what it knows is forgotten with it. {@link RaftCore} makes
 * the transitions and lists the legal ones.
 */
sealed interface ActiveRole permits FollowerRole, PreCandidateRole, CandidateRole, LeaderRole {

    Role role();

    void tick();
}
