package dev.keelson.server.grpc;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreException;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/**
 * Goes on with the outcome of a request, or ends the call with the text of its failure and no code, as locks and elections
 * do.
 *
 * @param <T> what the engine answers
 */
record UncodedReply<T>(StreamObserver<?> call, Consumer<T> next) implements Reply<T> {

    @Override
    public void succeed(T result) {
        next.accept(result);
    }

    @Override
    public void fail(StoreException error) {
        call.onError(Statuses.unknown(error.error().text()));
    }
}
