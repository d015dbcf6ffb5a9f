package dev.keelson.server.grpc;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreException;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * Ends a call with the translated outcome of a request, on the thread that brings it.
 *
 * @param <T> what the engine answers
 * @param <A> the message the client gets
 */
record UnaryReply<T, A>(StreamObserver<A> call, Function<T, A> translation) implements Reply<T> {

    @Override
    public void succeed(T result) {
        call.onNext(translation.apply(result));
        call.onCompleted();
    }

    @Override
    public void fail(StoreException error) {
        call.onError(Statuses.exception(error));
    }
}
