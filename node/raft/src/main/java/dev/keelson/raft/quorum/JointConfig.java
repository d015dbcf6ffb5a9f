package dev.keelson.raft.quorum;

import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Two configurations of which both must agree (thesis 4.3); a simple configuration has an empty {@code outgoing} half.
 *
 * @param incoming the voters of the simple configuration, or those of the one being changed to
 * @param outgoing the voters of the one being changed from, or nobody
 */
public record JointConfig(MajorityConfig incoming, MajorityConfig outgoing) {

    public boolean contains(long id) {
        return incoming.contains(id) || outgoing.contains(id);
    }

    /** Whether {@code id} alone decides. */
    public boolean isOnly(long id) {
        return incoming.isOnly(id) && (outgoing.isEmpty() || outgoing.isOnly(id));
    }

    /** The highest index that a majority of each half has. */
    public long committedIndex(LongUnaryOperator match) {
        return Math.min(incoming.committedIndex(match), outgoing.committedIndex(match));
    }

    /** Whether a majority of each half is among those that {@code has} accepts. */
    public boolean reachedBy(LongPredicate has) {
        return incoming.reachedBy(has) && outgoing.reachedBy(has);
    }

    /** Won when both halves won, lost when one lost. */
    public VoteResult voteResult(LongPredicate granted, LongPredicate refused) {
        VoteResult first = incoming.voteResult(granted, refused);
        VoteResult second = outgoing.voteResult(granted, refused);
        if (first == second) {
            return first;
        }
        return first == VoteResult.LOST || second == VoteResult.LOST ? VoteResult.LOST : VoteResult.PENDING;
    }

    /** The voters of both halves, each once. */
    public long[] ids() {
        return LongStream.concat(LongStream.of(incoming.ids()), LongStream.of(outgoing.ids()))
                .distinct()
                .toArray();
    }
}
