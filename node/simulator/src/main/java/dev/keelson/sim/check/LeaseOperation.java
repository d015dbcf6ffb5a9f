package dev.keelson.sim.check;

/**
 * One request about a lease and what became of it, as the client saw it.
 *
 * @param lease the lease; 0 for a grant of which nobody learnt what id the store had chosen
 * @param invoked when it was sent, on the one clock of the history
 * @param returned when its outcome was known, or when it was given up
 */
public record LeaseOperation(Kind kind, long lease, long invoked, long returned, LeaseOutcome outcome) {

    /** What was asked. */
    public enum Kind {
        GRANT,
        REVOKE,
        KEEP_ALIVE,
        TIME_TO_LIVE
    }

    /** Whether it let, or may have let, the lease live its whole time again. */
    boolean mayRenew() {
        boolean renews = kind == Kind.GRANT || kind == Kind.KEEP_ALIVE;
        return renews && (outcome instanceof LeaseOutcome.Renewed || outcome instanceof LeaseOutcome.Unknown);
    }
}
