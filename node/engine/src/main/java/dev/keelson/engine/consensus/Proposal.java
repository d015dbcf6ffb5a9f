package dev.keelson.engine.consensus;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A write on its way through the log, and whoever waits for it.
 *
 * <p>Answered exactly once: by the apply worker when its entry takes effect here, or earlier by a time-out or a change of
 * leader, in which case the write may still take effect.
 */
public final class Proposal<T> {

    private final long requestId;
    private final byte[] payload;
    private final long deadlineTick;
    private final Reply<T> reply;
    private final AtomicBoolean answered = new AtomicBoolean();

    /** The term in which it was handed to the consensus core; 0 while it waits. Consensus worker writes. */
    private volatile long proposedTerm;

    Proposal(long requestId, byte[] payload, long deadlineTick, Reply<T> reply) {
        this.requestId = requestId;
        this.payload = payload;
        this.deadlineTick = deadlineTick;
        this.reply = reply;
    }

    long requestId() {
        return requestId;
    }

    byte[] payload() {
        return payload;
    }

    long deadlineTick() {
        return deadlineTick;
    }

    long proposedTerm() {
        return proposedTerm;
    }

    void proposedIn(long term) {
        proposedTerm = term;
    }

    /** The result type is fixed by the command in the payload, so whoever applied that command has the right one. */
    @SuppressWarnings("unchecked")
    public void succeed(Object result) {
        if (answered.compareAndSet(false, true)) {
            reply.succeed((T) result);
        }
    }

    public void fail(StoreException error) {
        if (answered.compareAndSet(false, true)) {
            reply.fail(error);
        }
    }
}
