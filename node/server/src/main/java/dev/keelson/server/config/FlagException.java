package dev.keelson.server.config;

/** The command line or the environment cannot be followed; the message names the flag, the value and what to do. */
public final class FlagException extends RuntimeException {

    private static final long serialVersionUID = 1;

    FlagException(String message) {
        super(message);
    }
}
