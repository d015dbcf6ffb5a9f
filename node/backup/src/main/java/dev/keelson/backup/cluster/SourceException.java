package dev.keelson.backup.cluster;

/** A cluster did not give what backups need; the message says who did not and why. */
public final class SourceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
