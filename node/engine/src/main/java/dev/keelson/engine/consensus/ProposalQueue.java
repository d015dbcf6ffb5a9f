package dev.keelson.engine.consensus;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The writes of this node's clients: those that wait for the consensus loop, and those that wait for their entry to be
 * applied.
 *
 * <p>Bounded by {@link NodeLimits#PROPOSALS_MAX} and {@link NodeLimits#PROPOSAL_BYTES_MAX}; a full queue refuses at once.
 *
 * <p>Thread rule: {@link #offer} and {@link #take} of a single request from any thread; {@link #drain} on the consensus
 * worker.
 */
public final class ProposalQueue {

    private static final byte[] NO_BYTES = {};

    private final Queue<Proposal<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final ConcurrentMap<Long, Proposal<?>> pending = new ConcurrentHashMap<>();
    private final EngineProbe probe;

    public ProposalQueue(EngineProbe probe) {
        this.probe = probe;
    }

    /** Takes a request in, or answers it with {@link StoreError#TOO_MANY_REQUESTS}. */
    public <T> void offer(long requestId, byte[] payload, long deadlineTick, Reply<T> reply) {
        // Both are counted before either is judged, since giving back undoes both.
        int count = waitingCount.incrementAndGet();
        long bytes = waitingBytes.addAndGet(payload.length);
        if (count > NodeLimits.PROPOSALS_MAX || bytes > NodeLimits.PROPOSAL_BYTES_MAX) {
            release(payload.length);
            probe.proposalFailed();
            reply.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
            return;
        }
        var proposal = new Proposal<T>(requestId, payload, deadlineTick, reply);
        pending.put(requestId, proposal);
        waiting.add(proposal);
    }

    /** Lets a request wait for its entry that reaches the log by another way than this queue. */
    public <T> void await(long requestId, long deadlineTick, Reply<T> reply) {
        pending.put(requestId, new Proposal<>(requestId, NO_BYTES, deadlineTick, reply));
    }

    /** Whether a request still waits for its entry. */
    public boolean isPending(long requestId) {
        return pending.containsKey(requestId);
    }

    private void release(int bytes) {
        waitingCount.decrementAndGet();
        waitingBytes.addAndGet(-bytes);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes waiting requests, at least one and then until their payloads reach {@code bytesMax}. */
    List<Proposal<?>> drain(long bytesMax) {
        var drained = new ArrayList<Proposal<?>>();
        long bytes = 0;
        while (bytes < bytesMax) {
            Proposal<?> next = waiting.poll();
            if (next == null) {
                break;
            }
            release(next.payload().length);
            if (pending.containsKey(next.requestId())) {
                drained.add(next);
                bytes += next.payload().length;
            }
        }
        return drained;
    }

    /** Claims the request whose entry is being applied; null when nobody here waits for it. */
    public @Nullable Proposal<?> take(long requestId) {
        return pending.remove(requestId);
    }

    /** Requests that wait for the loop or for their entry, in requests. */
    public int size() {
        return pending.size();
    }

    /** Whether its client still waits for it. */
    boolean isPending(Proposal<?> proposal) {
        return pending.containsKey(proposal.requestId());
    }

    /** Fails what has waited longer than it may. */
    void expire(long tick) {
        failWhere(StoreError.TIMEOUT, proposal -> proposal.deadlineTick() <= tick);
    }

    /**
     * Fails what was proposed in a term before {@code term}, now that an entry of {@code term} has been applied.
     *
     * <p>Such an entry is in no later log position unless a forwarded copy of it is still under way, so waiting for it
     * would only end in the time-out.
     */
    public void failBefore(long term) {
        failWhere(
                StoreError.TIMEOUT_LEADER_FAILURE,
                proposal -> proposal.proposedTerm() != 0 && proposal.proposedTerm() < term);
    }

    void failAll(StoreError error) {
        failWhere(error, proposal -> true);
    }

    private void failWhere(StoreError error, java.util.function.Predicate<Proposal<?>> condition) {
        for (Proposal<?> proposal : pending.values()) {
            if (condition.test(proposal) && pending.remove(proposal.requestId(), proposal)) {
                probe.proposalFailed();
                proposal.fail(new StoreException(error));
            }
        }
    }
}
