package dev.keelson.mvcc;

/** The store is in a state that no sequence of requests leads to. */
public final class InvariantViolation extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvariantViolation(String message) {
        super(message);
    }
}
