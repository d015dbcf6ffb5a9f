package dev.keelson.server.config;

/** The command line or the environment cannot be followed; the message names the flag, the value and what to do. */
public final class FlagException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int CONTRADICTION = 1;
    private static final int SYNTAX = 2;

    private final int exitCode;

    private FlagException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Values that can be read and cannot be followed. */
    FlagException(String message) {
        this(message, CONTRADICTION);
    }

    /** A flag that does not exist, or a value that is none for its flag. */
    static FlagException syntax(String message) {
        return new FlagException(message, SYNTAX);
    }

    /** What the process ends with, as etcd's does. */
    public int exitCode() {
        return exitCode;
    }
}
