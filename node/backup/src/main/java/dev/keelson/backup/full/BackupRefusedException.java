package dev.keelson.backup.full;

/** A backup is not what it says, or is none; the message names the object and says what to do. */
public final class BackupRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BackupRefusedException(String message) {
        super(message);
    }

    public BackupRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
