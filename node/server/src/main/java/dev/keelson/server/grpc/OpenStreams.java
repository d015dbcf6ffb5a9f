package dev.keelson.server.grpc;

import dev.keelson.mvcc.StoreError;
import dev.keelson.server.port.EndableCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The streaming calls that are open, so that the member can end them: those whose client demands a leader once none has
 * been known for long, and all of them when the member stops. Without it a client would wait at a member that hears
 * nothing any more, instead of turning to another.
 *
 * <p>Thread rule: any thread; a call's own answers and its end by this class do not overlap.
 */
public final class OpenStreams {

    private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();
    private final long leaderlessTicksMax;
    private long leaderlessTicks;
    private volatile boolean stopped;

    /** @param leaderlessTicksMax ticks without a leader after which streams that demand one end; etcd: three election time-outs */
    public OpenStreams(long leaderlessTicksMax) {
        this.leaderlessTicksMax = leaderlessTicksMax;
    }

    /** Lets one unit of time pass; called by one thread. */
    public void tick(BooleanSupplier hasLeader) {
        leaderlessTicks = hasLeader.getAsBoolean() ? 0 : leaderlessTicks + 1;
        if (leaderlessTicks >= leaderlessTicksMax) {
            open.stream().filter(call -> call.needsLeader).forEach(call -> call.end(Statuses.of(StoreError.NO_LEADER)));
        }
    }

    /** Ends all streams, and each that is opened from now on. */
    public void stop() {
        stopped = true;
        open.forEach(call -> call.end(Statuses.of(StoreError.STOPPED)));
    }

    /** How many there are. */
    int size() {
        return open.size();
    }

    <Q, A> ServerCall.Listener<Q> start(
            ServerCall<Q, A> call, boolean needsLeader, Metadata metadata, ServerCallHandler<Q, A> next) {
        var stream = new Stream<>(call, needsLeader);
        open.add(stream);
        ServerCall.Listener<Q> listener = new Forgetting<>(next.startCall(stream, metadata), stream);
        if (stopped) {
            stream.end(Statuses.of(StoreError.STOPPED));
        }
        return listener;
    }

    /** A stream, and whether its client demands a leader. */
    private static final class Stream<Q, A> extends EndableCall<Q, A> {

        private final boolean needsLeader;

        Stream(ServerCall<Q, A> call, boolean needsLeader) {
            super(call);
            this.needsLeader = needsLeader;
        }
    }

    /** Forgets the stream when it is over. */
    private final class Forgetting<Q> extends EndableCall.EndListener<Q> {

        private final Stream<Q, ?> stream;

        Forgetting(ServerCall.Listener<Q> listener, Stream<Q, ?> stream) {
            super(listener, stream);
            this.stream = stream;
        }

        @Override
        public void onComplete() {
            open.remove(stream);
            super.onComplete();
        }

        @Override
        public void onCancel() {
            open.remove(stream);
            super.onCancel();
        }
    }
}
