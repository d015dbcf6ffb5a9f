package dev.keelson.sim.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks everything that clients of a store were told together: what they read and wrote, what they watched, and what
 * became of their leases. What watchers were told helps to find what each revision did; they are then judged by it, as
 * the leases are.
 *
 * <p>Thread rule: one thread.
 */
public final class HistoryChecker {

    private final List<Operation> operations = new ArrayList<>();
    private final List<LeaseOperation> leaseOperations = new ArrayList<>();
    private final List<WatchRecord> watchRecords = new ArrayList<>();
    private long watchEvents;
    private int undecided;

    /** Takes an operation on keys, in the order of their return; those of unknown outcome when they were given up. */
    public void accept(Operation operation) {
        operations.add(operation);
    }

    /** Takes an operation on a lease. */
    public void accept(LeaseOperation operation) {
        leaseOperations.add(operation);
    }

    /** Takes what a watcher asked or was told, those of one watcher in their order. */
    public void accept(WatchRecord record) {
        watchRecords.add(record);
    }

    /** When one leader led, with a quorum behind it. */
    public record Reign(long from, long to) {}

    /**
     * Checks all that was accepted; throws {@link HistoryViolation}.
     *
     * @param terms how far the clocks of the members were from that of the history
     * @param reigns in their order; while there is none, leases may live on
     */
    public void finish(LeaseTerms terms, List<Reign> reigns) {
        RevisionChecker revisions = revisions(terms);
        revisions.finish();
        judge(revisions, terms, reigns);
    }

    /**
     * The same, with what was left in the end.
     *
     * @param last all keys, with the revision at which they were read after everything had settled
     */
    public void finish(LeaseTerms terms, List<Reign> reigns, Response.Range last) {
        RevisionChecker revisions = revisions(terms);
        revisions.finish(last.kvs(), last.revision());
        judge(revisions, terms, reigns);
    }

    private RevisionChecker revisions(LeaseTerms terms) {
        var revisions = new RevisionChecker(terms);
        operations.forEach(revisions::accept);
        leaseOperations.forEach(revisions::accept);
        for (WatchRecord record : watchRecords) {
            if (record instanceof WatchRecord.Events told) {
                revisions.witness(told.events(), told.at());
            }
        }
        return revisions;
    }

    private void judge(RevisionChecker revisions, LeaseTerms terms, List<Reign> reigns) {
        undecided = revisions.undecided();
        var watches = new WatchChecker(revisions.writes());
        watchRecords.forEach(watches::accept);
        watchEvents = watches.events();
        var leases = new LeaseChecker(terms);
        operations.forEach(leases::accept);
        leaseOperations.forEach(leases::accept);
        reigns.forEach(reign -> leases.led(reign.from(), reign.to()));
        leases.finish(revisions.writes());
    }

    /** How many operations on leases were accepted. */
    public long leaseOperations() {
        return leaseOperations.size();
    }

    /** Events that watchers were told of, once they are checked. */
    public long watchEvents() {
        return watchEvents;
    }

    /** Revisions whose writer was not found within bounds: nothing is said of what came after the first of them. */
    public int undecided() {
        return undecided;
    }
}
