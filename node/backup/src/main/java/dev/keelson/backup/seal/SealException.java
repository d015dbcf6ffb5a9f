package dev.keelson.backup.seal;

/** An object cannot be opened with the keys at hand, or was changed; or a key is none. The message says which and why. */
public final class SealException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SealException(String message) {
        super(message);
    }

    SealException(String message, Throwable cause) {
        super(message, cause);
    }
}
