package dev.keelson.raft.quorum;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Decisions of a configuration, simple or joint; a joint one decides what both of its majorities decide (thesis 4.3).
 *
 * <p>A majority of nobody is always reached, which makes a simple configuration a joint one with an empty half.
 */
public record Quorum(List<Long> incoming, List<Long> outgoing) {

    /** What the votes so far amount to. */
    public enum Outcome {
        WON,
        LOST,
        PENDING
    }

    public boolean contains(long id) {
        return incoming.contains(id) || outgoing.contains(id);
    }

    /** The highest index that a majority of each half has, given what each member has. */
    public long committed(LongUnaryOperator match) {
        return Math.min(committed(incoming, match), committed(outgoing, match));
    }

    private static long committed(List<Long> voters, LongUnaryOperator match) {
        if (voters.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long[] matches = new long[voters.size()];
        for (int i = 0; i < matches.length; i++) {
            matches[i] = match.applyAsLong(voters.get(i));
        }
        Arrays.sort(matches);
        return matches[(matches.length - 1) / 2];
    }

    /** Whether a majority of each half is among those that {@code has} accepts. */
    public boolean reachedBy(LongPredicate has) {
        return majority(incoming, has) && majority(outgoing, has);
    }

    private static boolean majority(List<Long> voters, LongPredicate has) {
        int count = 0;
        for (long voter : voters) {
            if (has.test(voter)) {
                count++;
            }
        }
        return voters.isEmpty() || count > voters.size() / 2;
    }

    /** The outcome of a vote, given who granted and who refused. */
    public Outcome outcome(LongPredicate granted, LongPredicate refused) {
        if (reachedBy(granted)) {
            return Outcome.WON;
        }
        return reachedBy(voter -> !refused.test(voter)) ? Outcome.PENDING : Outcome.LOST;
    }
}
