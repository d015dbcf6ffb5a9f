package dev.keelson.server.auth;

/** This member gives out no tokens; the message is what etcd tells the client. */
public final class NotIssuedException extends Exception {

    private static final long serialVersionUID = 1;

    NotIssuedException(String message) {
        super(message);
    }
}
