package dev.keelson.raft;

/** Who leads, as far as this node knows (0: nobody), and what this node is. Not stored. */
public record SoftState(long leader, Role role) {}
