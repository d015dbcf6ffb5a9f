package dev.keelson.sim.check;

/** What a client knows of its request's fate. */
public sealed interface Outcome {

    record Answered(Response response) implements Outcome {}

    /** It was refused and certainly had no effect; {@code reason} says why where the state of the store was the reason. */
    record Refused(Reason reason) implements Outcome {}

    /** It may have taken effect at any time since, may still do so, or never. */
    record Unknown() implements Outcome {}

    /** Why a request was refused. */
    enum Reason {
        COMPACTED,
        FUTURE_REVISION,
        /** It would have attached a key to a lease that does not exist. */
        LEASE_NOT_FOUND,
        /** Any reason that says nothing of the state of the store. */
        OTHER
    }
}
