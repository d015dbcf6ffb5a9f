package dev.keelson.storage;

/** A file of the store is damaged: the member must neither serve nor acknowledge. The message names the file. */
public final class StorageCorruptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StorageCorruptException(String message, Throwable cause) {
        super(message, cause);
    }
}
