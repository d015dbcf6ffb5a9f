package dev.keelson.server.contest;

/** How a contest ended for one contender. */
public sealed interface Outcome {

    /**
     * Its key is the oldest.
     *
     * @param revision of the store at which that was seen, or, for an election, at which the candidate entered
     * @param createRevision what tells this key from another one of the same name
     */
    record Won(byte[] key, long lease, long createRevision, long revision) implements Outcome {}

    /** Its key is gone, mostly because its lease ended while it waited. */
    record Lost() implements Outcome {}

    /** It could not go on; {@code reason} is the text for the client. */
    record Failed(String reason) implements Outcome {}

    /** It was cancelled, and whoever cancelled it hears nothing more. */
    record Left() implements Outcome {}
}
