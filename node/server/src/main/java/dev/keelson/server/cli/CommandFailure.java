package dev.keelson.server.cli;

/** A command that ends with a text on standard error and an exit code of etcdctl's. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Anything that has no code of its own. */
    static final int ERROR = 1;

    /** What etcdctl ends with when asking about leases fails, whatever the reason. */
    static final int BAD_CONNECTION = 2;

    /** An option's value that is not known. */
    static final int BAD_FEATURE = 4;

    /** Words that are missing or contradict each other. */
    static final int BAD_ARGUMENTS = 128;

    private final int exitCode;

    /** @param message the empty text when all has been told already */
    CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
