package dev.keelson.engine.codec;

/** Bytes that should be a record of the engine are not one. */
public final class MalformedBytesException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public MalformedBytesException(String what) {
        super("malformed record: " + what);
    }
}
