package dev.keelson.server.grpc;

import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.RangeStreamResponse;
import dev.keelson.engine.Reply;
import dev.keelson.engine.read.RangeStream;
import dev.keelson.mvcc.StoreException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call that gets a range in chunks: one is read only when the one before it is on its way to the client.
 *
 * <p>So one chunk at most waits in memory, however slow the client is, and a call that was cancelled reads no further.
 *
 * <p>Thread rule: {@link #start} within the call's method; all else happens on event loops and on the reads worker, one
 * chunk at a time.
 */
final class RangeStreamCall implements Reply<RangeStream.Chunk> {

    private final ServerCallStreamObserver<RangeStreamResponse> call;
    private final RangeStream stream;
    private final ReplyHeaders headers;
    private final AtomicBoolean reading = new AtomicBoolean();

    RangeStreamCall(ServerCallStreamObserver<RangeStreamResponse> call, RangeStream stream, ReplyHeaders headers) {
        this.call = call;
        this.stream = stream;
        this.headers = headers;
    }

    void start() {
        // Having one makes answers after a cancellation go nowhere instead of throwing.
        call.setOnCancelHandler(() -> {});
        call.setOnReadyHandler(this::readOn);
        readOn();
    }

    private void readOn() {
        if (call.isReady() && !call.isCancelled() && reading.compareAndSet(false, true)) {
            stream.next(this);
        }
    }

    @Override
    public void succeed(RangeStream.Chunk chunk) {
        RangeResponse.Builder answer = RangeResponse.newBuilder();
        chunk.kvs().forEach(kv -> answer.addKvs(ReplyTranslation.keyValue(kv)));
        RangeStream.End end = chunk.end();
        if (end != null) {
            answer.setHeader(headers.at(end.revision())).setMore(end.more()).setCount(end.count());
        }
        call.onNext(RangeStreamResponse.newBuilder().setRangeResponse(answer).build());
        if (end != null) {
            call.onCompleted();
            return;
        }
        // Lowered before the look at the call: readiness that comes in between finds it low and reads on.
        reading.set(false);
        readOn();
    }

    @Override
    public void fail(StoreException error) {
        call.onError(Statuses.exception(error));
    }
}
