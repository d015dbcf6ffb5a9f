package dev.keelson.server.auth;

import dev.keelson.engine.auth.AuthListener;

/** Brings to the tokens of this member what the log says of log-ins. */
public record TokenBook(Tokens tokens) implements AuthListener {

    @Override
    public void loggedIn(String user, byte[] secret, long authRevision, long index) {
        tokens.assign(user, secret, index);
    }

    @Override
    public void loggedOut(String user) {
        tokens.forget(user);
    }

    @Override
    public void allLoggedOut() {
        tokens.forgetAll();
    }
}
