package dev.keelson.engine.forward;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Transport;
import dev.keelson.engine.forward.Forward.Answered;
import dev.keelson.engine.forward.Forward.Asked;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts questions to one member or another, whoever leads.
 *
 * <p>A question that no answer comes to is given up: when its time is over, or earlier when there has been no way to the
 * member for a while. It is put once, and once more when the way opens, but never because an answer takes long: what is
 * asked may cost the other one a look at all of its data.
 *
 * <p>Thread rule: {@link #tick} by one thread, everything else by any; nothing blocks.
 */
public final class PeerQuestions {

    private final long self;
    private final Transport transport;
    private final AtomicLong nextId;
    private final ConcurrentMap<Long, Pending> pending = new ConcurrentHashMap<>();

    /** A question that waits for its answer. */
    private static final class Pending {
        final long peer;
        final Question question;
        final long ticksMax;
        final Reply<Answer> reply;
        volatile boolean sent;

        /** Since it was put; counted by whoever calls {@link #tick}. */
        long ticks;

        Pending(long peer, Question question, long ticksMax, Reply<Answer> reply) {
            this.peer = peer;
            this.question = question;
            this.ticksMax = ticksMax;
            this.reply = reply;
        }
    }

    /** @param firstId where the ids of questions to the leader begin, which count upwards; those here never meet them */
    public PeerQuestions(long self, long firstId, Transport transport) {
        this.self = self;
        this.transport = transport;
        this.nextId = new AtomicLong(firstId | Long.MIN_VALUE);
    }

    /**
     * Puts a question; the reply is never {@link Answer.Refused}: that is a failure.
     *
     * @param ticksMax how long to wait for the answer
     */
    public void ask(long peer, Question question, long ticksMax, Reply<Answer> reply) {
        if (pending.size() >= NodeLimits.PEER_QUESTIONS_MAX) {
            reply.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
            return;
        }
        long id = nextId.getAndIncrement();
        var asked = new Pending(peer, question, ticksMax, reply);
        pending.put(id, asked);
        put(id, asked);
    }

    private void put(long id, Pending asked) {
        if (!asked.sent && transport.connectedMillis(asked.peer) != Transport.NOT_CONNECTED) {
            asked.sent = true;
            transport.send(new Asked(self, asked.peer, id, asked.question));
        }
    }

    /** An answer of a peer that has proved who it is; false when it is to no question that was put here. */
    public boolean receive(Answered answered) {
        Pending asked = pending.get(answered.id());
        if (asked == null || answered.from() != asked.peer || !pending.remove(answered.id(), asked)) {
            return false;
        }
        if (answered.answer() instanceof Answer.Refused(StoreError error)) {
            asked.reply.fail(new StoreException(error));
        } else {
            asked.reply.succeed(answered.answer());
        }
        return true;
    }

    /** Lets one unit of time pass. */
    public void tick() {
        pending.forEach((id, asked) -> {
            put(id, asked);
            asked.ticks++;
            boolean cutOff = asked.ticks >= NodeLimits.PEER_UNREACHABLE_TICKS
                    && transport.connectedMillis(asked.peer) == Transport.NOT_CONNECTED;
            if ((cutOff || asked.ticks >= asked.ticksMax) && pending.remove(id, asked)) {
                asked.reply.fail(new StoreException(StoreError.TIMEOUT_CONNECTION_LOST));
            }
        });
    }

    /** Fails everything that waits; for the end of the node. */
    public void failAll(StoreError error) {
        pending.forEach((id, asked) -> {
            if (pending.remove(id, asked)) {
                asked.reply.fail(new StoreException(error));
            }
        });
    }
}
