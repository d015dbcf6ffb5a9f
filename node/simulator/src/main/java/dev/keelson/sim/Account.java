package dev.keelson.sim;

import dev.keelson.mvcc.RangeResult;
import dev.keelson.sim.check.HistoryChecker;
import dev.keelson.sim.check.HistoryChecker.Reign;
import dev.keelson.sim.check.HistoryViolation;
import dev.keelson.sim.check.LeaseOperation;
import dev.keelson.sim.check.LeaseTerms;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.check.Response;
import dev.keelson.sim.check.WatchRecord;
import dev.keelson.sim.workload.Translation;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
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
    private final HistoryChecker checker = new HistoryChecker();
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

    void add(LeaseOperation operation) {
        checker.accept(operation);
    }

    void add(WatchRecord record) {
        checker.accept(record);
    }

    /**
     * Judges the history with {@code all}, which is what the store holds in the end.
     *
     * @param terms how far the clocks of the members were from the true one
     * @param reigns when one leader led undisturbed
     * @throws HistoryViolation when no single store could have given these answers
     */
    void close(LeaseTerms terms, List<Reign> reigns, RangeResult all) {
        List<Response.Kv> last = Translation.kvs(all.kvs());
        last.stream()
                .filter(kv -> unanswered.contains(kv.value()))
                .forEach(_ -> goals.reach(Goal.WRITE_WITHOUT_ANSWER_APPLIED));
        checker.finish(terms, reigns, new Response.Range(all.revision(), last, false, last.size()));
    }

    /** Judges the history without a last look at the store. */
    void close(LeaseTerms terms, List<Reign> reigns) {
        checker.finish(terms, reigns);
    }

    /** Operations on leases that were checked. */
    long leaseOperations() {
        return checker.leaseOperations();
    }

    /** Events that watchers were told of and that were checked. */
    long watchEvents() {
        return checker.watchEvents();
    }

    /** Revisions whose writer was not found within bounds: what came after the first of them was not replayed. */
    int undecided() {
        return checker.undecided();
    }
}
