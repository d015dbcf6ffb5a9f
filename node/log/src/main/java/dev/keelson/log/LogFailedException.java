package dev.keelson.log;

/**
 * The disk refused a write or a sync of the log.
 *
 * <p>What reached the disk is unknown and trying again could hide a loss (a kernel may mark pages clean that it failed to
 * write), so the log refuses everything from here on and the process has to end; a restart finds out what is there.
 */
public final class LogFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LogFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
