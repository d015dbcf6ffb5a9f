package dev.keelson.sim.check;

/** Says that no correct store could have given the answers of a history; the message names the operations. */
public final class HistoryViolation extends AssertionError {

    private static final long serialVersionUID = 1;

    public HistoryViolation(String message) {
        super(message);
    }
}
