package dev.keelson.mvcc;

/** A request that was refused; nothing of it took effect unless its error says that the outcome is unknown. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final StoreError error;

    public StoreException(StoreError error) {
        // Refusals are answers, not faults: they happen at the rate of requests and nobody looks for where they began.
        super(error.text(), null, false, false);
        this.error = error;
    }

    public StoreError error() {
        return error;
    }
}
