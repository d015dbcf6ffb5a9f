package dev.keelson.backup.store;

/** A store did not do what it was asked; the message names the store and the object, and what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What went wrong, for those who decide what to do about it. */
    public enum Kind {
        /** There is no such object. */
        MISSING(false),
        /** There is one of that name already. */
        EXISTS(false),
        /** The store says no: to these credentials, or because it keeps the object. */
        REFUSED(false),
        /** There is no room. Somebody may make some. */
        FULL(true),
        /** It does not answer, or answers that it cannot now. */
        UNAVAILABLE(true);

        private final boolean passing;

        Kind(boolean passing) {
            this.passing = passing;
        }

        /** Whether the same call may succeed a little later. */
        public boolean isPassing() {
            return passing;
        }
    }

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
