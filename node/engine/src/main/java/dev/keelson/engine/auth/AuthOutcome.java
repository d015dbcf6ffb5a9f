package dev.keelson.engine.auth;

/**
 * What an {@link AuthChange} came to.
 *
 * @param revision of the store when it took effect
 * @param authRevision of the users and roles behind it
 * @param index the place of the change in the log
 */
public record AuthOutcome(long revision, long authRevision, long index) {}
