package dev.keelson.server.grpc;

import dev.keelson.mvcc.StoreError;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
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

    private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
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
            open.stream().filter(call -> call.needsLeader).forEach(call -> call.end(StoreError.NO_LEADER));
        }
    }

    /** Ends all streams, and each that is opened from now on. */
    public void stop() {
        stopped = true;
        open.forEach(call -> call.end(StoreError.STOPPED));
    }

    /** How many there are. */
    int size() {
        return open.size();
    }

    <Q, A> ServerCall.Listener<Q> start(
            ServerCall<Q, A> call, boolean needsLeader, Metadata metadata, ServerCallHandler<Q, A> next) {
        var endable = new EndableCall<>(call, needsLeader);
        open.add(endable);
        ServerCall.Listener<Q> listener = new EndListener<>(next.startCall(endable, metadata), endable);
        if (stopped) {
            endable.end(StoreError.STOPPED);
        }
        return listener;
    }

    /** A call that can be ended beside those who answer it; what they say afterwards is not heard. */
    private static final class EndableCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {

        private final boolean needsLeader;
        private boolean closed;
        private volatile boolean endedHere;

        EndableCall(ServerCall<Q, A> call, boolean needsLeader) {
            super(call);
            this.needsLeader = needsLeader;
        }

        synchronized void end(StoreError reason) {
            if (!closed) {
                closed = true;
                endedHere = true;
                delegate().close(Statuses.of(reason), new Metadata());
            }
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!endedHere) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!endedHere) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!endedHere) {
                closed = true;
                super.close(status, trailers);
            }
        }

        @Override
        public boolean isCancelled() {
            return endedHere || super.isCancelled();
        }
    }

    /** Tells the service that its call was cancelled when it was ended here. */
    private final class EndListener<Q> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {

        private final EndableCall<Q, ?> call;

        EndListener(ServerCall.Listener<Q> listener, EndableCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onComplete() {
            open.remove(call);
            if (call.endedHere) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }

        @Override
        public void onCancel() {
            open.remove(call);
            super.onCancel();
        }
    }
}
