package dev.keelson.server.json;

/** Bytes that are not the JSON that was asked for; the message is the one that etcd answers with. */
public final class JsonException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooLarge;

    private JsonException(String message, boolean tooLarge) {
        super(message, null, false, false);
        this.tooLarge = tooLarge;
    }

    static JsonException of(String message) {
        return new JsonException(message, false);
    }

    static JsonException tooLarge(int bytesMax) {
        return new JsonException("value larger than " + bytesMax + " bytes", true);
    }

    /** Whether the bytes may be well formed, but are more than are kept. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
