package dev.keelson.server.port;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * Ends calls whose requests are no messages of their kind as etcd does: INTERNAL, and why. gRPC itself would end them with
 * UNKNOWN and not say what was wrong.
 *
 * <p>Thread rule: stateless; a call's parts on its event loop, but for what the service says, from any thread.
 */
final class UnreadableRequests {

    private UnreadableRequests() {}

    /** The same service, which such requests do not reach. */
    static ServerServiceDefinition kept(ServerServiceDefinition service) {
        var kept =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        service.getMethods().forEach(method -> kept.addMethod(kept(method)));
        return kept.build();
    }

    private static <Q, A> ServerMethodDefinition<Q, A> kept(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        ServerCallHandler<Q, A> service = method.getServerCallHandler();
        return ServerMethodDefinition.create(
                descriptor.toBuilder()
                        .setRequestMarshaller(new Tolerant<>(descriptor.getRequestMarshaller()))
                        .build(),
                (call, metadata) -> {
                    var refusable = new RefusableCall<>(call);
                    return new Reading<>(service.startCall(refusable, metadata), refusable);
                });
    }

    /** What stands for a request that could not be read, on its way through gRPC. */
    private record Unreadable(Status status) {}

    /** Reads what it can; the rest becomes {@link Unreadable}, which gRPC hands on without a look. */
    private record Tolerant<Q>(MethodDescriptor.Marshaller<Q> marshaller) implements MethodDescriptor.Marshaller<Q> {

        @Override
        public InputStream stream(Q request) {
            return marshaller.stream(request);
        }

        @Override
        @SuppressWarnings("unchecked") // no Q, but nobody sees it before Reading, which takes it out
        public Q parse(InputStream bytes) {
            try {
                return marshaller.parse(bytes);
            } catch (StatusRuntimeException failure) {
                if (failure.getCause() instanceof InvalidProtocolBufferException reason) {
                    return (Q) new Unreadable(Status.INTERNAL.withDescription(
                            "grpc: error unmarshalling request: " + reason.getMessage()));
                }
                throw failure;
            }
        }
    }

    /** A call of which nothing is heard any more once it was refused. */
    private static final class RefusableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private volatile boolean refused;
        private boolean closed;

        RefusableCall(ServerCall<Q, A> call) {
            super(call);
        }

        synchronized void refuse(Status status) {
            refused = true;
            if (!closed) {
                closed = true;
                delegate().close(status, new Metadata());
            }
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!refused) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!refused) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!refused) {
                closed = true;
                super.close(status, trailers);
            }
        }

        @Override
        public boolean isCancelled() {
            return refused || super.isCancelled();
        }
    }

    /** Hands requests on up to the first that cannot be read; to the service its call was cancelled then. */
    private static final class Reading<Q> extends SimpleForwardingServerCallListener<Q> {

        private final RefusableCall<Q, ?> call;

        Reading(ServerCall.Listener<Q> listener, RefusableCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q request) {
            if (request instanceof Unreadable(Status status)) {
                call.refuse(status);
            } else if (!call.refused) {
                super.onMessage(request);
            }
        }

        @Override
        public void onHalfClose() {
            if (!call.refused) {
                super.onHalfClose();
            }
        }

        @Override
        public void onComplete() {
            if (call.refused) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }
}
