package dev.keelson.engine.forward;

/** What only the leader knows or may do; putting it twice does what putting it once does. */
public sealed interface Question {

    /** What concerns leases. */
    sealed interface OfLeases extends Question {}

    /** Let the lease live its whole time again. */
    record RenewLease(long lease) implements OfLeases {}

    /** How long has the lease still to live, and, if they are asked for, which keys does it hold? */
    record LeaseTimeToLive(long lease, boolean keys) implements OfLeases {}

    /** May this learner get a vote: does it have, as far as the leader has heard, nearly all of the log? */
    record LearnerReadiness(long member) implements Question {}
}
