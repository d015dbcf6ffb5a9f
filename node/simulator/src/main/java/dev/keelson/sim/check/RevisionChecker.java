package dev.keelson.sim.check;

import dev.keelson.sim.check.Outcome.Answered;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that the answers of a history are those of one strictly serializable store. The revisions in the answers are
 * the proposed order: it is verified, not searched for, by replaying the writes on a model and by comparing the order
 * with the clock. Only revisions made by writes of unknown outcome are searched for, within bounds.
 *
 * <p>Invariants: the history is the store's whole, from its revision 1 on; every value is put by one request only; a
 * history that passes with nothing {@link #undecided()} has a legal order.
 *
 * <p>Thread rule: one thread.
 */
public final class RevisionChecker {

    private final List<Operation> operations = new ArrayList<>();
    private int undecided;
    private int tries;

    /** Takes the next operation, in the order of their return; those of unknown outcome when they were given up. */
    public void accept(Operation operation) {
        operations.add(operation);
    }

    /** Checks all that was accepted; throws {@link HistoryViolation}. */
    public void finish() {
        var history = new History(operations);
        new RealTime(history).check();
        var replay = new Replay(history);
        replay.run();
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
