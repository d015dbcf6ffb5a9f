package dev.keelson.server.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The first answer of a call, or what became of a call without one. */
final class Answer<T> implements StreamObserver<T> {

    private final CompletableFuture<T> first = new CompletableFuture<>();

    @Override
    public void onNext(T answer) {
        first.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
        first.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        first.completeExceptionally(Status.UNKNOWN
                .withDescription("the call ended without an answer")
                .asRuntimeException());
    }

    CompletableFuture<T> first() {
        return first;
    }

    /** @throws StatusRuntimeException when the call failed */
    T await() {
        try {
            return first.join();
        } catch (CompletionException failure) {
            throw Status.fromThrowable(failure).asRuntimeException();
        }
    }
}
