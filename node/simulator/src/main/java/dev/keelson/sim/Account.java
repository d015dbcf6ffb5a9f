package dev.keelson.sim;

import dev.keelson.mvcc.RangeResult;
import dev.keelson.sim.check.HistoryViolation;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.check.Response;
import dev.keelson.sim.check.RevisionChecker;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The history of a run on its way to the checker.
 *
 * <p>Thread rule: one thread.
 */
final class Account {

    private final Goals goals;
    private final RevisionChecker checker = new RevisionChecker();
    private final Set<String> unanswered = new HashSet<>();

    Account(Goals goals) {
        this.goals = goals;
    }

    void add(Operation operation) {
        checker.accept(operation);
        if (operation.outcome() instanceof Outcome.Unknown && operation.request() instanceof Request.Put put) {
            unanswered.add(put.value());
        }
    }

    /**
     * Judges the history with {@code all}, which is what the store holds in the end.
     *
     * @throws HistoryViolation when no single store could have given these answers
     */
    void close(RangeResult all) {
        List<Response.Kv> last = all.kvs().stream()
                .map(kv -> new Response.Kv(
                        text(kv.key()), text(kv.value()), kv.createRevision(), kv.modRevision(), kv.version()))
                .toList();
        last.stream()
                .filter(kv -> unanswered.contains(kv.value()))
                .forEach(_ -> goals.reach(Goal.WRITE_WITHOUT_ANSWER_APPLIED));
        checker.finish(last, all.revision());
    }

    /** Judges the history without a last look at the store. */
    void close() {
        checker.finish();
    }

    /** Revisions whose writer was not found within bounds: what came after the first of them was not replayed. */
    int undecided() {
        return checker.undecided();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
