package dev.keelson.server.auth;

/** The keys of tokens cannot be used; the message names the flag, the value and what to do. */
public final class TokenKeyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TokenKeyException(String message) {
        super(message);
    }

    TokenKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
