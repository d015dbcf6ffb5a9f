package dev.keelson.raft;

/** A read asked for as {@code requestId} is linearizable once {@code index} is applied. */
public record ReadState(long requestId, long index) {}
