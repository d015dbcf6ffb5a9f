package dev.keelson.storage;

import org.jspecify.annotations.Nullable;

/** A file of the store is damaged: the member must neither serve nor acknowledge. The message names the file. */
public final class StorageCorruptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StorageCorruptException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
