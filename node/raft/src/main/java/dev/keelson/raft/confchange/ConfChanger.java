package dev.keelson.raft.confchange;

import dev.keelson.raft.Invariant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a change makes of a configuration, as a pure function.
 *
 * <p>A change moves at most one voter, so any majority before and any after it share a member (thesis 4.1). Repeating a
 * change has no effect.
 */
public final class ConfChanger {

    private ConfChanger() {}

    public static ConfState apply(ConfState before, ConfChange change) {
        Invariant.check(before.votersOutgoing().isEmpty(), "a simple change of a joint configuration");
        long id = change.id();
        ConfState after = switch (change.kind()) {
            case NONE, UPDATE -> before;
            case ADD_VOTER -> new ConfState(with(before.voters(), id), List.of(), without(before.learners(), id));
            case ADD_LEARNER -> new ConfState(without(before.voters(), id), List.of(), with(before.learners(), id));
            case REMOVE -> new ConfState(without(before.voters(), id), List.of(), without(before.learners(), id));
        };
        Invariant.check(
                !after.voters().isEmpty() || before.voters().isEmpty(),
                () -> change.kind() + " of " + id + " would leave nobody to vote");
        return after;
    }

    private static List<Long> with(List<Long> ids, long id) {
        Invariant.check(id != 0, "a member id is never 0");
        var changed = new ArrayList<>(ids);
        changed.add(id);
        return changed;
    }

    private static List<Long> without(List<Long> ids, long id) {
        return ids.stream().filter(other -> other != id).toList();
    }
}
