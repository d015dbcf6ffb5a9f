package dev.keelson.raft;

import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import java.util.ArrayList;
import java.util.List;

/** What a change makes of a configuration; one member at a time, so old and new majorities always meet (thesis 4.1). */
final class Membership {

    private Membership() {}

    static ConfState after(ConfState before, ConfChange change) {
        return switch (change.kind()) {
            case NONE, UPDATE -> before;
            case ADD_VOTER ->
                new ConfState(
                        with(before.voters(), change.id()),
                        before.votersOutgoing(),
                        without(before.learners(), change.id()));
            case ADD_LEARNER ->
                new ConfState(
                        without(before.voters(), change.id()),
                        before.votersOutgoing(),
                        with(before.learners(), change.id()));
            case REMOVE -> {
                List<Long> voters = without(before.voters(), change.id());
                Invariant.check(!voters.isEmpty(), "the last voter cannot be removed");
                yield new ConfState(voters, before.votersOutgoing(), without(before.learners(), change.id()));
            }
        };
    }

    private static List<Long> with(List<Long> ids, long id) {
        var changed = new ArrayList<>(ids);
        changed.add(id);
        return changed;
    }

    private static List<Long> without(List<Long> ids, long id) {
        return ids.stream().filter(other -> other != id).toList();
    }
}
