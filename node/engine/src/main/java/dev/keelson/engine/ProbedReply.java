package dev.keelson.engine;

import dev.keelson.mvcc.StoreException;

/** Tells the probe of an answer on its way to whoever waits for it. */
record ProbedReply<T>(Reply<T> reply, EngineProbe probe, RequestKind kind, long began) implements Reply<T> {

    @Override
    public void succeed(T result) {
        probe.answered(kind, true, began);
        reply.succeed(result);
    }

    @Override
    public void fail(StoreException error) {
        probe.answered(kind, false, began);
        reply.fail(error);
    }
}
