package dev.keelson.engine.auth;

/**
 * Hears on every member who was let in and who is not any more; told in the order of the log, before whoever asked for it
 * is answered. Entries that a restart applies again are told again.
 *
 * <p>Thread rule: called on the node's workers; must not block.
 */
public interface AuthListener {

    /** Hears nothing. */
    AuthListener NONE = new AuthListener() {};

    /**
     * A user gets a token.
     *
     * @param secret as in {@link AuthChange.LogIn}
     * @param authRevision of the users and roles at this moment
     * @param index the place of the log-in in the log
     */
    default void loggedIn(String user, byte[] secret, long authRevision, long index) {}

    /** The user is gone or has another password: its tokens are void. */
    default void loggedOut(String user) {}

    /** All tokens are void: authorization was disabled, or the log was skipped by a snapshot. */
    default void allLoggedOut() {}
}
