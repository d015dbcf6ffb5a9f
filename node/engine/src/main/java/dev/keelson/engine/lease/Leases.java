package dev.keelson.engine.lease;

import dev.keelson.engine.Reply;
import java.util.List;

/**
 * What clients ask about leases.
 *
 * <p>Thread rule: any thread; nothing blocks, replies come on the node's workers.
 */
public final class Leases {

    /**
     * Grants a lease.
     *
     * @param id 0 lets the node choose
     * @param ttlSeconds raised to 1.5 election time-outs; above 9,000,000,000 it is refused, as by etcd
     */
    public void grant(long id, long ttlSeconds, Reply<LeaseGrant> reply) {
        throw new UnsupportedOperationException("grant " + id + ttlSeconds + reply);
    }

    /** Ends a lease with all keys it holds, in one revision; the reply carries the store's revision. */
    public void revoke(long id, Reply<Long> reply) {
        throw new UnsupportedOperationException("revoke " + id + reply);
    }

    /** Lets the lease live its whole time again; the reply carries that time in seconds, 0 when there is no such lease. */
    public void keepAlive(long id, Reply<Long> reply) {
        throw new UnsupportedOperationException("keep alive " + id + reply);
    }

    public void timeToLive(long id, boolean keys, Reply<LeaseTtl> reply) {
        throw new UnsupportedOperationException("time to live " + id + keys + reply);
    }

    /** The ids of all leases this member knows of. */
    public void list(Reply<List<Long>> reply) {
        throw new UnsupportedOperationException("list " + reply);
    }
}
