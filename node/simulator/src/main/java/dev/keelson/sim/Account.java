package dev.keelson.sim;

import dev.keelson.mvcc.RangeResult;
import dev.keelson.sim.check.HistoryViolation;
import dev.keelson.sim.check.LeaseChecker;
import dev.keelson.sim.check.LeaseOperation;
import dev.keelson.sim.check.LeaseTerms;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.check.Response;
import dev.keelson.sim.check.RevisionChecker;
import dev.keelson.sim.check.WatchChecker;
import dev.keelson.sim.check.WatchRecord;
import dev.keelson.sim.workload.Translation;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
import java.util.ArrayList;
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
    private final List<Operation> operations = new ArrayList<>();
    private final List<LeaseOperation> leaseOperations = new ArrayList<>();
    private final List<WatchRecord> watchRecords = new ArrayList<>();
    private final Set<String> unanswered = new HashSet<>();
    private long watchEvents;
    private int undecided;

    Account(Goals goals) {
        this.goals = goals;
    }

    void add(LeaseOperation operation) {
        leaseOperations.add(operation);
    }

    void add(WatchRecord record) {
        watchRecords.add(record);
    }

    void add(Operation operation) {
        operations.add(operation);
        if (operation.outcome() instanceof Outcome.Unknown && operation.request() instanceof Request.Put put) {
            unanswered.add(put.value());
        }
    }

    /**
     * Judges the history with {@code all}, which is what the store holds in the end.
     *
     * @param terms how far the clocks of the members were from the true one
     * @param reigns when one leader led undisturbed
     * @throws HistoryViolation when no single store could have given these answers
     */
    void close(LeaseTerms terms, Reigns reigns, RangeResult all) {
        List<Response.Kv> last = Translation.kvs(all.kvs());
        last.stream()
                .filter(kv -> unanswered.contains(kv.value()))
                .forEach(_ -> goals.reach(Goal.WRITE_WITHOUT_ANSWER_APPLIED));
        RevisionChecker checker = checker(terms);
        checker.finish(last, all.revision());
        judge(checker, terms, reigns);
    }

    /** Judges the history without a last look at the store. */
    void close(LeaseTerms terms, Reigns reigns) {
        RevisionChecker checker = checker(terms);
        checker.finish();
        judge(checker, terms, reigns);
    }

    private RevisionChecker checker(LeaseTerms terms) {
        var checker = new RevisionChecker(terms);
        operations.forEach(checker::accept);
        leaseOperations.forEach(checker::accept);
        for (WatchRecord record : watchRecords) {
            if (record instanceof WatchRecord.Events told) {
                told.events().forEach(event -> checker.witness(event, told.at()));
            }
        }
        return checker;
    }

    private void judge(RevisionChecker checker, LeaseTerms terms, Reigns reigns) {
        undecided = checker.undecided();
        var watches = new WatchChecker(checker.writes());
        watchRecords.forEach(watches::accept);
        watchEvents = watches.events();
        var leases = new LeaseChecker(terms);
        operations.forEach(leases::accept);
        leaseOperations.forEach(leases::accept);
        reigns.forEach(leases::led);
        leases.finish(checker.writes());
    }

    /** Operations on leases that were checked. */
    long leaseOperations() {
        return leaseOperations.size();
    }

    /** Events that watchers were told of and that were checked. */
    long watchEvents() {
        return watchEvents;
    }

    /** Revisions whose writer was not found within bounds: what came after the first of them was not replayed. */
    int undecided() {
        return undecided;
    }
}
