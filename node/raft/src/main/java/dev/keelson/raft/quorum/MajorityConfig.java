package dev.keelson.raft.quorum;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * A set of voters that decides by majority. Immutable.
 *
 * <p>The empty set decides everything at once: that makes a simple configuration a {@link JointConfig} with an empty
 * half.
 */
public final class MajorityConfig {

    private final long[] voters;

    public MajorityConfig(Collection<Long> voters) {
        this.voters = voters.stream().mapToLong(Long::longValue).distinct().toArray();
    }

    public boolean isEmpty() {
        return voters.length == 0;
    }

    public boolean contains(long id) {
        for (long voter : voters) {
            if (voter == id) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code id} is the only voter. */
    public boolean isOnly(long id) {
        return voters.length == 1 && voters[0] == id;
    }

    /**
     * The highest index that a majority has, given what each voter has; {@link Long#MAX_VALUE} without voters.
     *
     * <p>Quadratic instead of sorted: for the handful of voters a cluster has this is faster, and it allocates nothing.
     */
    public long committedIndex(LongUnaryOperator match) {
        if (voters.length == 0) {
            return Long.MAX_VALUE;
        }
        long committed = 0;
        for (long voter : voters) {
            long index = match.applyAsLong(voter);
            if (index > committed && reachedBy(match, index)) {
                committed = index;
            }
        }
        return committed;
    }

    private boolean reachedBy(LongUnaryOperator match, long index) {
        int count = 0;
        for (long voter : voters) {
            if (match.applyAsLong(voter) >= index) {
                count++;
            }
        }
        return count > voters.length / 2;
    }

    /** Whether a majority is among those that {@code has} accepts. */
    public boolean reachedBy(LongPredicate has) {
        int count = 0;
        for (long voter : voters) {
            if (has.test(voter)) {
                count++;
            }
        }
        return voters.length == 0 || count > voters.length / 2;
    }

    /** The result of a vote, given who granted and who refused. */
    public VoteResult voteResult(LongPredicate granted, LongPredicate refused) {
        if (reachedBy(granted)) {
            return VoteResult.WON;
        }
        return reachedBy(voter -> !refused.test(voter)) ? VoteResult.PENDING : VoteResult.LOST;
    }

    /** The voters; a copy. */
    public long[] ids() {
        return voters.clone();
    }

    @Override
    public String toString() {
        return Arrays.toString(voters);
    }
}
