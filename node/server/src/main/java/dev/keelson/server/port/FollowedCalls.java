package dev.keelson.server.port;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells those who follow calls of calls that came without a connection of gRPC, as gRPC tells them of its own.
 *
 * <p>A call counts once its service is asked: one whose request cannot be read never does.
 *
 * <p>Thread rule: immutable; what it makes of a call follows the rules of the call.
 */
final class FollowedCalls implements ServerInterceptor {

    private final List<ServerStreamTracer.Factory> followers;

    FollowedCalls(List<ServerStreamTracer.Factory> followers) {
        this.followers = List.copyOf(followers);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String name = call.getMethodDescriptor().getFullMethodName();
        List<ServerStreamTracer> tracers = followers.stream()
                .map(follower -> follower.newServerStreamTracer(name, headers))
                .toList();
        var followed = new Followed<>(call, tracers);
        return followed.hearing(next.startCall(followed, headers));
    }

    private static final class Followed<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final List<ServerStreamTracer> tracers;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicBoolean ended = new AtomicBoolean();

        Followed(ServerCall<Q, A> call, List<ServerStreamTracer> tracers) {
            super(call);
            this.tracers = tracers;
        }

        private void tell(Consumer<ServerStreamTracer> what) {
            tracers.forEach(what);
        }

        private void end(Status status) {
            if (ended.compareAndSet(false, true)) {
                tell(tracer -> tracer.streamClosed(status));
            }
        }

        @Override
        public void sendMessage(A message) {
            int number = sent.getAndIncrement();
            long size = size(getMethodDescriptor().streamResponse(message));
            tell(tracer -> {
                tracer.outboundMessage(number);
                tracer.outboundUncompressedSize(size);
            });
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            end(status);
            super.close(status, trailers);
        }

        ServerCall.Listener<Q> hearing(ServerCall.Listener<Q> service) {
            MethodDescriptor<Q, A> method = getMethodDescriptor();
            return new SimpleForwardingServerCallListener<>(service) {

                private int received;

                @Override
                public void onMessage(Q message) {
                    int number = received++;
                    long size = size(method.streamRequest(message));
                    tell(tracer -> {
                        tracer.inboundMessage(number);
                        tracer.inboundUncompressedSize(size);
                    });
                    endingIfItFails(() -> super.onMessage(message));
                }

                @Override
                public void onHalfClose() {
                    endingIfItFails(super::onHalfClose);
                }

                @Override
                public void onCancel() {
                    end(Status.CANCELLED);
                    super.onCancel();
                }
            };
        }

        /** Whoever made the call ends it when its service fails, past {@link #close}. */
        private void endingIfItFails(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException failure) {
                end(Status.UNKNOWN);
                throw failure;
            }
        }

        /** A message's stream knows its whole size before it is read. */
        private static long size(InputStream message) {
            try (message) {
                return message.available();
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }
    }
}
