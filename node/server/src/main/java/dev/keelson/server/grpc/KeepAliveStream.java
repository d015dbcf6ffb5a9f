package dev.keelson.server.grpc;

import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's renewals: many may be under way, their answers leave in the order of the requests, and the first failure ends
 * the stream.
 *
 * <p>The header of an answer is made before the renewal begins. One made after it could carry the revision at which the
 * lease had been revoked, and the client would believe it alive at a revision where it was not.
 *
 * <p>A request is taken off the connection only for an answer that was taken off it: a client that sends and does not read
 * has {@link #WINDOW} renewals under way or answered, and then waits for itself.
 *
 * <p>Thread rule: requests come on an event loop, replies on the engine's workers; both take turns.
 */
final class KeepAliveStream implements StreamObserver<LeaseKeepAliveRequest> {

    /** Requests of one stream that are taken and not answered. */
    static final int WINDOW = 64;

    private final BiConsumer<Long, Reply<Long>> renewing;
    private final Supplier<ResponseHeader> header;
    private final ServerCallStreamObserver<LeaseKeepAliveResponse> call;
    private final SynchronizationContext turn;
    private final Queue<Renewal> underWay = new ArrayDeque<>();
    private int answered;
    private boolean halfClosed;
    private volatile boolean ended;

    /** @param renewing lets the lease of this id live its whole time again, and answers with that time in seconds */
    KeepAliveStream(
            BiConsumer<Long, Reply<Long>> renewing,
            Supplier<ResponseHeader> header,
            ServerCallStreamObserver<LeaseKeepAliveResponse> call) {
        this.renewing = renewing;
        this.header = header;
        this.call = call;
        this.turn = new SynchronizationContext(
                (_, failure) -> end(Status.INTERNAL.withCause(failure).asRuntimeException()));
    }

    /** Asks for the first requests; to be called while the call begins. */
    void open() {
        call.disableAutoRequest();
        call.setOnReadyHandler(() -> turn.execute(this::takeMore));
        call.setOnCancelHandler(() -> turn.execute(this::stop));
        call.request(WINDOW);
    }

    @Override
    public void onNext(LeaseKeepAliveRequest sent) {
        var renewal = new Renewal(sent.getID(), header.get());
        turn.execute(() -> {
            if (!ended) {
                underWay.add(renewal);
                renewing.accept(renewal.id, renewal);
            }
        });
    }

    @Override
    public void onError(Throwable cause) {
        turn.execute(this::stop);
    }

    @Override
    public void onCompleted() {
        turn.execute(() -> {
            halfClosed = true;
            answer();
        });
    }

    /** One request until its answer. */
    private final class Renewal implements Reply<Long> {

        private final long id;
        private final ResponseHeader header;
        private @Nullable Long seconds;
        private @Nullable StoreException failure;

        Renewal(long id, ResponseHeader header) {
            this.id = id;
            this.header = header;
        }

        @Override
        public void succeed(Long result) {
            turn.execute(() -> {
                seconds = result;
                answer();
            });
        }

        @Override
        public void fail(StoreException error) {
            turn.execute(() -> {
                failure = error;
                answer();
            });
        }

        @Override
        public boolean isAwaited() {
            return !ended;
        }
    }

    private void answer() {
        while (!ended && !underWay.isEmpty()) {
            Renewal oldest = underWay.element();
            if (oldest.failure != null) {
                end(Statuses.exception(oldest.failure));
            } else if (oldest.seconds != null) {
                underWay.remove();
                answered++;
                call.onNext(LeaseKeepAliveResponse.newBuilder()
                        .setHeader(oldest.header)
                        .setID(oldest.id)
                        .setTTL(oldest.seconds)
                        .build());
            } else {
                break;
            }
        }
        if (halfClosed && !ended && underWay.isEmpty()) {
            stop();
            call.onCompleted();
        }
        takeMore();
    }

    private void takeMore() {
        if (answered > 0 && !ended && call.isReady()) {
            call.request(answered);
            answered = 0;
        }
    }

    private void end(StatusRuntimeException failure) {
        stop();
        call.onError(failure);
    }

    private void stop() {
        ended = true;
        underWay.clear();
    }
}
