package dev.keelson.engine.forward;

/** What another member knows or may do, mostly the leader; putting it twice does what putting it once does. */
public sealed interface Question {

    /** What concerns leases. */
    sealed interface OfLeases extends Question {}

    /** Let the lease live its whole time again. */
    record RenewLease(long lease) implements OfLeases {}

    /** How long has the lease still to live, and, if they are asked for, which keys does it hold? */
    record LeaseTimeToLive(long lease, boolean keys) implements OfLeases {}

    /** May this learner get a vote: does it have, as far as the leader has heard, nearly all of the log? */
    record LearnerReadiness(long member) implements Question {}

    /** What one member is asked about itself, whoever leads. */
    sealed interface OfMember extends Question {}

    /** What does your history through this revision come to? */
    record HashOfHistory(long revision) implements OfMember {}

    /** Which version can you run as? */
    record VersionOfMember() implements OfMember {}
}
