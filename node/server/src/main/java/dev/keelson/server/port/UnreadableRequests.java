package dev.keelson.server.port;

import com.google.protobuf.InvalidProtocolBufferException;
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
                (call, metadata) -> begin(service, call, metadata));
    }

    /** A service of one request has not heard of it when that cannot be read, and says nothing: its call needs no cover. */
    private static <Q, A> ServerCall.Listener<Q> begin(
            ServerCallHandler<Q, A> service, ServerCall<Q, A> call, Metadata metadata) {
        boolean oneRequest = call.getMethodDescriptor().getType().clientSendsOneMessage();
        if (oneRequest || call instanceof EndableCall) {
            return new Reading<>(service.startCall(call, metadata), call);
        }
        var endable = new EndableCall<>(call);
        return new EndableCall.EndListener<>(new Reading<>(service.startCall(endable, metadata), endable), endable);
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

    /** Hands requests on up to the first that cannot be read. */
    private static final class Reading<Q> extends SimpleForwardingServerCallListener<Q> {

        private final ServerCall<Q, ?> call;
        private boolean refused;

        Reading(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q request) {
            if (request instanceof Unreadable(Status status)) {
                refuse(status);
            } else if (!refused) {
                super.onMessage(request);
            }
        }

        private void refuse(Status status) {
            refused = true;
            if (call instanceof EndableCall<?, ?> endable) {
                endable.end(status);
            } else {
                call.close(status, new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
