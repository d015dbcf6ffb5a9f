package dev.keelson.sim;

import dev.keelson.mvcc.RangeResult;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The history of a run on its way to the checkers.
 *
 * <p>Thread rule: one thread.
 */
final class Account {

    private final Goals goals;
    private final Set<String> unanswered = new HashSet<>();

    Account(Goals goals) {
        this.goals = goals;
    }

    void add(Operation operation) {
        if (operation.outcome() instanceof Outcome.Unknown && operation.request() instanceof Request.Put put) {
            unanswered.add(put.value());
        }
    }

    /** Nothing more is added; {@code all} is what the store holds in the end. */
    void close(RangeResult all) {
        all.kvs().forEach(kv -> {
            if (unanswered.contains(new String(kv.value(), StandardCharsets.ISO_8859_1))) {
                goals.reach(Goal.WRITE_WITHOUT_ANSWER_APPLIED);
            }
        });
    }
}
