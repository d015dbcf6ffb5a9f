package dev.keelson.engine.lease;

/**
 * A lease as it was granted.
 *
 * @param ttlSeconds what it lives without a renewal, in seconds: at least what the node demands
 */
public record LeaseGrant(long id, long ttlSeconds) {}
