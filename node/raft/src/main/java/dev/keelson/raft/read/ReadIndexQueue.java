package dev.keelson.raft.read;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * The reads a leader was asked for and has not confirmed, and the rounds of heartbeats that confirm them.
 *
 * <p>All reads asked for since the last round share the next one. A round carries a nonce that was never used before in
 * the term; an answer to a round confirms every read that waits for it or an earlier one, and no later one. Were a nonce
 * used twice, this could happen (etcd #20418):
 *
 * <ol>
 *   <li>Leader 1 asks with nonce 7 for a read; member 3 answers, the answer is delayed; the read is given up.
 *   <li>Leader 1 is cut off or paused, member 2 leads a new term and commits writes.
 *   <li>Leader 1, knowing nothing of it, retries with nonce 7; the delayed answer confirms it: a stale read.
 * </ol>
 *
 * <p>Bounded: what does not fit is dropped, whoever asked asks again.
 */
public final class ReadIndexQueue {

    /** Reads that may wait; each member collapses its own, so this is far more than a cluster asks for. */
    public static final int PENDING_MAX = 4096;

    /** A read that waits: who asked, under what id, and the commit index at that time. */
    public record Pending(long nonce, long from, long requestId, long index) {}

    private final ArrayDeque<Pending> unsent = new ArrayDeque<>();
    private final ArrayDeque<Pending> sent = new ArrayDeque<>();
    private long nonce;

    /** Adds a read; it needs a round that starts after this moment. */
    public void add(long from, long requestId, long index) {
        if (unsent.size() + sent.size() < PENDING_MAX) {
            unsent.add(new Pending(nonce + 1, from, requestId, index));
        }
    }

    /** Whether reads wait for a round to start. */
    public boolean needsRound() {
        return !unsent.isEmpty();
    }

    /** Starts a round for all that were added; returns its nonce. */
    public long startRound() {
        nonce++;
        sent.addAll(unsent);
        unsent.clear();
        return nonce;
    }

    /** Starts a round if a read waits at all, sent before or not: what a lost heartbeat asked is asked again. */
    public long retryRound() {
        return unsent.isEmpty() && sent.isEmpty() ? nonce : startRound();
    }

    /** Takes out, oldest first, the reads whose round {@code isConfirmed}. */
    public void release(LongPredicate isConfirmed, Consumer<Pending> answer) {
        while (!sent.isEmpty() && isConfirmed.test(sent.element().nonce())) {
            answer.accept(sent.remove());
        }
    }
}
