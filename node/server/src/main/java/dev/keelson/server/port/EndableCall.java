package dev.keelson.server.port;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that can be ended beside those who answer it; what they say afterwards is not heard.
 *
 * <p>Thread rule: any thread; a call's own answers and its end from here do not overlap.
 *
 * @param <Q> a request
 * @param <A> an answer
 */
public class EndableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private boolean closed;
    private volatile boolean endedHere;

    public EndableCall(ServerCall<Q, A> call) {
        super(call);
    }

    /** Ends the call, unless those who answer it have done so already. */
    public final synchronized void end(Status reason) {
        if (!closed) {
            closed = true;
            endedHere = true;
            delegate().close(reason, new Metadata());
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

    /** Tells the service that its call was cancelled when it was ended by {@link #end}. */
    public static class EndListener<Q> extends SimpleForwardingServerCallListener<Q> {

        private final EndableCall<Q, ?> call;

        public EndListener(ServerCall.Listener<Q> listener, EndableCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onComplete() {
            if (call.endedHere) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }
}
