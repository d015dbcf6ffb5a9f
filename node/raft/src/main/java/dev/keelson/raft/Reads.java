package dev.keelson.raft;

import dev.keelson.raft.message.Message;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The linearizable reads a leader was asked for and has not confirmed (thesis 6.4).
 *
 * <p>Each round of heartbeats carries a nonce never used before; an answer with a nonce confirms every read asked before
 * that round and no later one. A repeated nonce would let the late answer to an old round confirm a leader that was
 * deposed since (etcd #20418).
 */
final class Reads {

    private record Pending(long nonce, long from, long requestId, long index) {}

    private final RaftNode node;
    private final LeaderRole leader;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final ArrayDeque<Pending> early = new ArrayDeque<>();
    private final Map<Long, Long> answered = new HashMap<>();
    private long lastNonce;

    Reads(RaftNode node, LeaderRole leader) {
        this.node = node;
        this.leader = leader;
    }

    long lastNonce() {
        return lastNonce;
    }

    void ask(long from, long requestId) {
        if (!leader.hasCommittedInOwnTerm()) {
            // What earlier leaders committed is known only once an entry of this term is.
            early.add(new Pending(0, from, requestId, 0));
            return;
        }
        long index = node.log.committed();
        if (node.quorum().reachedBy(id -> id == node.id())) {
            answer(new Pending(0, from, requestId, index));
            return;
        }
        lastNonce++;
        pending.add(new Pending(lastNonce, from, requestId, index));
        leader.heartbeat(lastNonce);
    }

    void ownTermCommitted() {
        while (!early.isEmpty()) {
            Pending read = early.poll();
            ask(read.from(), read.requestId());
        }
    }

    void acknowledged(long from, long nonce) {
        answered.merge(from, nonce, Math::max);
        while (!pending.isEmpty() && isConfirmed(pending.peek().nonce())) {
            answer(pending.poll());
        }
    }

    private boolean isConfirmed(long nonce) {
        return node.quorum().reachedBy(id -> id == node.id() || answered.getOrDefault(id, 0L) >= nonce);
    }

    private void answer(Pending read) {
        if (read.from() == node.id()) {
            node.confirmRead(read.requestId(), read.index());
        } else {
            node.send(
                    new Message.ReadIndexResponse(node.id(), read.from(), node.term(), read.requestId(), read.index()));
        }
    }
}
