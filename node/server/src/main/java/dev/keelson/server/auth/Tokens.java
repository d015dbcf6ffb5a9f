package dev.keelson.server.auth;

/**
 * Gives out tokens for logins, and tells whose a token is.
 *
 * <p>A login goes through the log. The member that is asked drafts it and proposes the digest of the draft, never what
 * will be the token; when the login is applied every member {@link #assign assigns} the digest to the user, and the one
 * that was asked {@link #issue issues} the token.
 *
 * <p>Thread rule: from any thread.
 */
public sealed interface Tokens permits NoTokens, SignedTokens, SimpleTokens {

    /** Begins a login. */
    Draft draft();

    /**
     * What the member that is asked keeps of a login until it is applied.
     *
     * @param secret that goes into the token, and nowhere else
     * @param digest of it, which members share; empty where they need not
     */
    record Draft(String secret, byte[] digest) {

        /** Without the secret, which belongs into no log. */
        @Override
        public String toString() {
            return "draft of a token";
        }
    }

    /**
     * A login was applied.
     *
     * @param digest from the draft
     * @param index of its entry in the log
     */
    void assign(String user, byte[] digest, long index);

    /**
     * The token of a login that was applied.
     *
     * @param revision of users and roles at that moment
     * @throws NotIssuedException where this member cannot
     */
    String issue(Draft draft, Login login) throws NotIssuedException;

    /**
     * A login that was applied.
     *
     * @param index of its entry in the log
     * @param revision of users and roles there
     */
    record Login(String user, long index, long revision) {}

    /**
     * Whose the token is: a user, {@link Caller.Later}, or {@link Caller.Unknown#BAD_TOKEN}.
     *
     * @param at how far this member is
     */
    Caller find(String token, Progress at);

    /**
     * How far a member has applied the log.
     *
     * @param revision of users and roles
     */
    record Progress(long appliedIndex, long revision) {}

    /** A user is gone, or has another password: his tokens hold no more. */
    void forget(String user);

    /** No token holds any more: nobody has to say who he is. */
    void forgetAll();
}
