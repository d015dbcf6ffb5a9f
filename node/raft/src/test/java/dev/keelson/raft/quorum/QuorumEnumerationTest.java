package dev.keelson.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every small configuration, simple and joint, against an implementation that only counts subsets. */
class QuorumEnumerationTest {

    private static final int MEMBERS = 5;
    private static final int INDEXES = 3;

    private enum Vote {
        NONE,
        GRANTED,
        REFUSED
    }

    @Test
    void theCommittedIndexIsTheHighestThatAMajorityOfEachHalfHas() {
        int checked = 0;
        for (int incoming = 0; incoming < 1 << MEMBERS; incoming++) {
            for (int outgoing : outgoingOf(incoming)) {
                JointConfig config = config(incoming, outgoing);
                for (int[] match : assignments(INDEXES)) {
                    long naive = naiveCommitted(incoming, outgoing, match);
                    assertThat(config.committedIndex(id -> match[(int) id - 1])).isEqualTo(naive);
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(10_000);
    }

    @Test
    void aVoteIsDecidedWhenTheMissingVotesCannotChangeIt() {
        for (int incoming = 0; incoming < 1 << MEMBERS; incoming++) {
            for (int outgoing : outgoingOf(incoming)) {
                JointConfig config = config(incoming, outgoing);
                for (int[] votes : assignments(Vote.values().length)) {
                    VoteResult result = config.voteResult(
                            id -> votes[(int) id - 1] == Vote.GRANTED.ordinal(),
                            id -> votes[(int) id - 1] == Vote.REFUSED.ordinal());
                    assertThat(result).isEqualTo(naiveResult(incoming, outgoing, votes));
                }
            }
        }
    }

    @Test
    void anyTwoMajoritiesOfOneConfigurationShareAMember() {
        for (int voters = 1; voters < 1 << MEMBERS; voters++) {
            var config = new MajorityConfig(ids(voters));
            for (int one = 0; one < 1 << MEMBERS; one++) {
                for (int other = 0; other < 1 << MEMBERS; other++) {
                    if (config.reachedBy(in(one)) && config.reachedBy(in(other))) {
                        assertThat(one & other & voters).isNotZero();
                    }
                }
            }
        }
    }

    private static java.util.function.LongPredicate in(int set) {
        return id -> (set & 1 << (id - 1)) != 0;
    }

    /** Some outgoing halves for each incoming one: all pairs would only take longer. */
    private static int[] outgoingOf(int incoming) {
        return new int[] {0, incoming, incoming >> 1, ~incoming & (1 << MEMBERS) - 1, 0b00111};
    }

    private static JointConfig config(int incoming, int outgoing) {
        return new JointConfig(new MajorityConfig(ids(incoming)), new MajorityConfig(ids(outgoing)));
    }

    private static List<Long> ids(int set) {
        var ids = new ArrayList<Long>();
        for (long id = 1; id <= MEMBERS; id++) {
            if (in(set).test(id)) {
                ids.add(id);
            }
        }
        return ids;
    }

    private static List<int[]> assignments(int values) {
        var all = new ArrayList<int[]>();
        int count = (int) Math.pow(values, MEMBERS);
        for (int code = 0; code < count; code++) {
            int[] assignment = new int[MEMBERS];
            for (int i = 0, rest = code; i < MEMBERS; i++, rest /= values) {
                assignment[i] = rest % values;
            }
            all.add(assignment);
        }
        return all;
    }

    private static long naiveCommitted(int incoming, int outgoing, int[] match) {
        if (incoming == 0 && outgoing == 0) {
            return Long.MAX_VALUE;
        }
        for (int index = INDEXES; index > 0; index--) {
            int having = 0;
            for (int i = 0; i < MEMBERS; i++) {
                having |= match[i] >= index ? 1 << i : 0;
            }
            if (naiveMajority(incoming, having) && naiveMajority(outgoing, having)) {
                return index;
            }
        }
        return 0;
    }

    private static boolean naiveMajority(int voters, int having) {
        return voters == 0 || 2 * Integer.bitCount(voters & having) > Integer.bitCount(voters);
    }

    /** Tries all ways in which the missing votes can fall. */
    private static VoteResult naiveResult(int incoming, int outgoing, int[] votes) {
        int granted = 0;
        int missing = 0;
        for (int i = 0; i < MEMBERS; i++) {
            granted |= votes[i] == Vote.GRANTED.ordinal() ? 1 << i : 0;
            missing |= votes[i] == Vote.NONE.ordinal() ? 1 << i : 0;
        }
        if (naiveMajority(incoming, granted) && naiveMajority(outgoing, granted)) {
            return VoteResult.WON;
        }
        // A joint vote is lost when one half is, even if the missing votes could still win the other.
        boolean winnable = naiveMajority(incoming, granted | missing) && naiveMajority(outgoing, granted | missing);
        return winnable ? VoteResult.PENDING : VoteResult.LOST;
    }
}
