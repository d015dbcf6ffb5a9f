package dev.keelson.engine.membership;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Hands the lead of this member to another voter and tells who asked for it when that one leads.
 *
 * <p>Thread rule: any thread; {@link #tick} by one at a time.
 */
final class LeaderMoves {

    private final long self;
    private final MemberRequests.Parts parts;
    private final Queue<Move> moves = new ConcurrentLinkedQueue<>();

    private record Move(long target, long deadlineTick, Reply<Long> reply) {}

    LeaderMoves(long self, MemberRequests.Parts parts) {
        this.self = self;
        this.parts = parts;
    }

    void begin(long target, Reply<Long> reply) {
        if (parts.loop().status().leader() != self) {
            reply.fail(new StoreException(StoreError.NOT_LEADER));
        } else if (parts.apply()
                .membership()
                .find(target)
                .filter(member -> !member.learner())
                .isEmpty()) {
            reply.fail(new StoreException(StoreError.BAD_LEADER_TRANSFEREE));
        } else if (target == self) {
            reply.succeed(self);
        } else if (moves.size() >= NodeLimits.MEMBER_CHANGES_MAX) {
            reply.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
        } else {
            moves.add(new Move(target, parts.requests().deadlineTick(), reply));
            parts.loop().post(core -> core.transferLeader(target));
        }
    }

    /** Answers those whose target leads, and gives up those whose time is over. */
    void tick() {
        moves.removeIf(move -> {
            if (parts.loop().status().leader() == move.target()) {
                move.reply().succeed(move.target());
                return true;
            }
            if (parts.loop().now() >= move.deadlineTick()) {
                move.reply().fail(new StoreException(StoreError.TIMEOUT_LEADER_TRANSFER));
                return true;
            }
            return false;
        });
    }

    /** Fails everything that waits; for the end of the node. */
    void failAll(StoreError error) {
        for (Move move = moves.poll(); move != null; move = moves.poll()) {
            move.reply().fail(new StoreException(error));
        }
    }
}
