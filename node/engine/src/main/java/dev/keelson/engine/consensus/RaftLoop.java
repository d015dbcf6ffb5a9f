package dev.keelson.engine.consensus;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Turn;
import dev.keelson.engine.Worker;
import dev.keelson.engine.read.LinearizableReads;
import dev.keelson.mvcc.StoreError;
import dev.keelson.raft.ProposalResult;
import dev.keelson.raft.RaftNode;
import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.Ready;
import dev.keelson.raft.message.Message;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The only caller of {@link RaftNode}: feeds it everything that happened since its last turn, then hands out what the
 * core wants done.
 *
 * <p>All proposals that wait go into the core together and leave it in one Ready: one message a peer and one sync for
 * all of them. A leader's appends leave before its own disk has them (Raft thesis, 10.2.1); the core counts the leader
 * only when the writer reports back.
 *
 * <p>While a snapshot takes the store's place no Ready is taken: entries handed out meanwhile would be appended before
 * the log starts anew and be lost by that.
 *
 * <p>Thread rule: public methods from any thread; the rest on the consensus worker.
 */
public final class RaftLoop {

    /** Payload bytes proposed in one turn. */
    private static final long PROPOSED_BYTES_MAX = 4L << 20;

    private final RaftNode node;
    private final ProposalQueue proposals;
    private final LinearizableReads reads;
    private final ReadyHandler handler;
    private final Consumer<Throwable> failure;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inboxSize = new AtomicInteger();
    private final AtomicInteger ticksDue = new AtomicInteger();
    private final Turn turn;
    private List<Proposal<?>> held = List.of();
    private boolean installing;
    private boolean failed;
    private long appliedTold;
    private volatile long applied;
    private volatile long tick;
    private volatile RaftStatus status;

    /** Carries out what a Ready asks for; called on the consensus worker, must not block. */
    public interface ReadyHandler {
        void handle(Ready ready);
    }

    public RaftLoop(
            RaftNode node,
            ProposalQueue proposals,
            LinearizableReads reads,
            Worker worker,
            ReadyHandler handler,
            Consumer<Throwable> failure) {
        this.node = node;
        this.proposals = proposals;
        this.reads = reads;
        this.handler = handler;
        this.failure = failure;
        this.status = node.status();
        this.applied = status.applied();
        this.appliedTold = applied;
        this.turn = new Turn(worker, this::runTurn);
    }

    /** Makes the loop look at its queues soon. */
    public void wake() {
        turn.request();
    }

    /** Lets one tick of time pass. */
    public void tick() {
        ticksDue.incrementAndGet();
        turn.request();
    }

    /** Ticks that have passed. */
    public long now() {
        return tick;
    }

    /** Hands a message of a peer to the core; dropped when too many wait, as a network may drop it. */
    public void receive(Message message) {
        if (inboxSize.get() >= NodeLimits.INBOX_MAX) {
            return;
        }
        post(core -> core.step(message));
    }

    /** Runs an action on the core. */
    public void post(Consumer<RaftNode> action) {
        inboxSize.incrementAndGet();
        inbox.add(() -> action.accept(node));
        turn.request();
    }

    /** The store contains everything through {@code index}. */
    public void applied(long index) {
        applied = index;
        turn.request();
    }

    /** A state of the core that is at most one turn old. */
    public RaftStatus status() {
        return status;
    }

    /** Ends the hold that began when a Ready with a snapshot was handed out. */
    public void installed(Consumer<RaftNode> action) {
        post(core -> {
            action.accept(core);
            installing = false;
        });
    }

    /** Answers everyone who waits; for the end of the node. */
    public void failAll(StoreError error) {
        post(core -> {
            reads.failAll(error);
            proposals.failAll(error);
        });
    }

    private void runTurn() {
        if (failed) {
            return;
        }
        try {
            feed();
            while (!installing && node.hasReady()) {
                handOut(node.ready());
            }
            reads.release(appliedTold);
            status = node.status();
        } catch (RuntimeException | Error cause) {
            failed = true;
            failure.accept(cause);
        }
    }

    private void feed() {
        for (Runnable action = inbox.poll(); action != null; action = inbox.poll()) {
            inboxSize.decrementAndGet();
            action.run();
        }
        for (int due = ticksDue.getAndSet(0); due > 0; due--) {
            passTick();
        }
        long appliedNow = applied;
        if (appliedNow > appliedTold) {
            appliedTold = appliedNow;
            node.onApplied(appliedNow);
        }
        propose();
        askForReads(reads.nextRequest(tick));
    }

    private void passTick() {
        tick++;
        node.tick();
        proposals.expire(tick);
        askForReads(reads.tick(tick));
    }

    private void askForReads(long requestId) {
        if (requestId != 0) {
            node.readIndex(requestId);
        }
    }

    private void propose() {
        while (!held.isEmpty() || !proposals.isEmpty()) {
            List<Proposal<?>> next = held.isEmpty()
                    ? proposals.drain(PROPOSED_BYTES_MAX)
                    : held.stream().filter(proposals::isPending).toList();
            held = List.of();
            if (next.isEmpty()) {
                return;
            }
            long term = node.term();
            next.forEach(proposal -> proposal.proposedIn(term));
            if (node.propose(next.stream().map(Proposal::payload).toList()) != ProposalResult.ACCEPTED) {
                // No leader, a transfer, or a full log: they stay first in line until that has passed or they time out.
                next.forEach(proposal -> proposal.proposedIn(0));
                held = next;
                return;
            }
        }
    }

    private void handOut(Ready ready) {
        installing = ready.snapshot() != null;
        ready.readStates().forEach(state -> reads.confirm(state.requestId(), state.index()));
        handler.handle(ready);
    }
}
