package dev.keelson.server.cli;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Calls that are answered when it is somebody's turn, however long that takes. */
final class Waiting {

    private Waiting() {}

    /**
     * Waits for the answer.
     *
     * @throws CommandFailure when the process is told to end first; the call is withdrawn
     */
    static <Q, A> A of(Channel channel, MethodDescriptor<Q, A> method, Q request, CompletableFuture<Void> told) {
        ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
        var answer = new Answer<A>();
        ClientCalls.asyncUnaryCall(call, request, answer);
        try {
            CompletableFuture.anyOf(answer.first(), told).join();
        } catch (CompletionException failure) {
            return answer.await();
        }
        if (!answer.first().isDone()) {
            call.cancel("told to end", null);
            throw new CommandFailure("context canceled", CommandFailure.ERROR);
        }
        return answer.await();
    }
}
