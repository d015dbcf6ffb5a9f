package dev.keelson.engine;

import dev.keelson.mvcc.StoreException;

/**
 * Where the outcome of a request goes; exactly one of the methods is called, once, on a worker of the node.
 *
 * <p>An implementation must not block: the apply worker calls it between two batches.
 */
public interface Reply<T> {

    void succeed(T result);

    /** The request failed; an error that says "timed out" leaves open whether a write took effect. */
    void fail(StoreException error);

    /**
     * Whether anybody still waits for it; asked on any thread. What waits for a leader is not done any more once nobody
     * does, and fails instead.
     */
    default boolean isAwaited() {
        return true;
    }
}
