package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a call was answered, waited for one by one; {@link #end} is how the call ended. */
final class Answers<Q, A> implements ClientResponseObserver<Q, A> {

    private static final long WAIT_SECONDS_MAX = 10;

    private final BlockingQueue<A> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<ClientCallStreamObserver<Q>> begun = new CompletableFuture<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final boolean reading;

    /** @param reading whether answers are taken off the connection */
    Answers(boolean reading) {
        this.reading = reading;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> call) {
        if (!reading) {
            call.disableAutoRequestWithInitial(0);
        }
        begun.complete(call);
    }

    @Override
    public void onNext(A answer) {
        received.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        ended.complete(Status.OK);
    }

    A next() throws Exception {
        A answer = received.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(answer).as("answer; the call's end: %s", ended).isNotNull();
        return answer;
    }

    ClientCallStreamObserver<Q> call() throws Exception {
        return begun.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    }

    void cancel() throws Exception {
        call().cancel("not interested any more", null);
    }

    Status end() throws Exception {
        return ended.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    }

    boolean isSilent() {
        return received.isEmpty() && !ended.isDone();
    }
}
