package dev.keelson.raft.log;

/**
 * What a member must find again after a crash (Raft paper, figure 2: persistent state).
 *
 * <p>{@code term} and {@code vote} are durable before any message that depends on them is sent. {@code commit} is kept
 * so that a restart need not learn it again; losing its latest value is harmless.
 *
 * @param term the latest term seen, 0 before the first
 * @param vote the candidate voted for in {@code term}, {@link #NO_VOTE} when none
 * @param commit the highest index known to be committed
 */
public record HardState(long term, long vote, long commit) {

    /** No vote was given in the term; no member has this id. */
    public static final long NO_VOTE = 0;

    /** The state of a member that has never run. */
    public static final HardState EMPTY = new HardState(0, NO_VOTE, 0);
}
