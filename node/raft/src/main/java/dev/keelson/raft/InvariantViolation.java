package dev.keelson.raft;

/** The state of a node is one that the algorithm cannot reach. */
public final class InvariantViolation extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvariantViolation(String message) {
        super(message);
    }
}
