package dev.keelson.server.auth;

/** What a call says about who makes it. */
public sealed interface Caller {

    /**
     * A user, by a token or a certificate that holds; whether he still exists is not said.
     *
     * @param revision of users and roles that he was known at
     */
    record User(String name, long revision) implements Caller {}

    /** A token that may have been given out by a member that is ahead of this one, which has not applied so much. */
    record Later(long index) implements Caller {}

    /** Nobody, for one reason or the other. */
    enum Unknown implements Caller {
        /** The call brings nothing that says who makes it. */
        NOBODY,
        /** It brings a token that is none, or is not any more. */
        BAD_TOKEN
    }
}
