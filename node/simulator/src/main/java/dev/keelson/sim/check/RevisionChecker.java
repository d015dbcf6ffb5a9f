package dev.keelson.sim.check;

import dev.keelson.sim.check.Outcome.Answered;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the answers of a history are those of one strictly serializable store. The revisions in the answers are
 * the proposed order: it is verified, not searched for, by replaying the writes on a model and by comparing the order
 * with the clock. Only revisions made by writes of unknown outcome, or by ends of leases, are searched for, within
 * bounds; watchers who were told of such a revision say what it was.
 *
 * <p>Invariants: the history is the store's whole, from its revision 1 on; every value is put by one request only, and
 * every lease has an id of its own; a history that passes with nothing {@link #undecided()} has a legal order.
 *
 * <p>Thread rule: one thread.
 */
public final class RevisionChecker {

    private final List<Operation> operations = new ArrayList<>();
    private final List<LeaseOperation> leaseOperations = new ArrayList<>();
    private final Witnesses witnesses = new Witnesses();
    private final LeaseTerms terms;
    private @Nullable WriteHistory writes;
    private int undecided;
    private int tries;

    /** Of a history without leases. */
    public RevisionChecker() {
        this(new LeaseTerms(1, LeaseTerms.Rates.TRUE, 0, 0));
    }

    /** @param terms when a lease may have ended by itself */
    public RevisionChecker(LeaseTerms terms) {
        this.terms = terms;
    }

    /** Takes the next operation, in the order of their return; those of unknown outcome when they were given up. */
    public void accept(Operation operation) {
        operations.add(operation);
    }

    /** Takes the next operation on a lease. */
    public void accept(LeaseOperation operation) {
        leaseOperations.add(operation);
    }

    /**
     * Takes what a watcher was told in one answer at that time.
     *
     * @throws HistoryViolation if it contradicts what another was told
     */
    public void witness(List<WatchEvent> events, long at) {
        witnesses.accept(events, at);
    }

    /** Checks all that was accepted; throws {@link HistoryViolation}. */
    public void finish() {
        var history = new History(operations, new LeaseBook(leaseOperations, terms), witnesses);
        new RealTime(history).check();
        var replay = new Replay(history);
        replay.run();
        writes = replay.writes();
        undecided = replay.undecided();
        tries = replay.tries();
    }

    /**
     * The same, with what was left in the end.
     *
     * @param finalState all keys, as a last linearizable read found them after everything had settled
     * @param finalRevision the revision in the header of that read
     */
    public void finish(List<Kv> finalState, long finalRevision) {
        var all = new Request.Range(Span.UNBOUNDED, Span.UNBOUNDED, 0, 0, false, false);
        var found = new Answered(new Response.Range(finalRevision, finalState, false, finalState.size()));
        operations.add(new Operation(-1, 0, Long.MAX_VALUE, Long.MAX_VALUE, all, found));
        finish();
    }

    /** What each revision did, once everything is checked. */
    public WriteHistory writes() {
        return Objects.requireNonNull(writes, "not finished");
    }

    /** How many operations were accepted. */
    public int operations() {
        return operations.size();
    }

    /** Revisions of which the search for their write was given up; what followed the first of them was not replayed. */
    public int undecided() {
        return undecided;
    }

    /** How often the search for the write of a revision had to choose anew. */
    public int tries() {
        return tries;
    }
}
