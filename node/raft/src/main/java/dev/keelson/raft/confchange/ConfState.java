package dev.keelson.raft.confchange;

import java.util.Collection;
import java.util.List;

/**
 * The membership in force: who votes and who only learns.
 *
 * <p>All lists are sorted as unsigned ids and without duplicates. {@code votersOutgoing} is empty unless the
 * configuration is joint (Raft thesis, section 4.3).
 *
 * @param voters the voters of the (incoming) configuration
 * @param votersOutgoing the voters of the outgoing configuration of a joint one
 * @param learners members that receive the log and never vote
 */
public record ConfState(List<Long> voters, List<Long> votersOutgoing, List<Long> learners) {

    /** Nobody. */
    public static final ConfState EMPTY = new ConfState(List.of(), List.of(), List.of());

    public ConfState {
        voters = sorted(voters);
        votersOutgoing = sorted(votersOutgoing);
        learners = sorted(learners);
    }

    /** A simple configuration of these voters. */
    public static ConfState ofVoters(Collection<Long> voters) {
        return new ConfState(List.copyOf(voters), List.of(), List.of());
    }

    private static List<Long> sorted(List<Long> ids) {
        return ids.stream().distinct().sorted(Long::compareUnsigned).toList();
    }
}
