package dev.keelson.server.grpc;

import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Streams of watches. Answers are bytes from the start: no message object is made of what thousands get in common.
 *
 * <p>Thread rule: any thread.
 */
final class WatchService implements BindableService {

    private final Function<WatchSink, WatchStream> watches;
    private final WatchAnswers.Shared shared;
    private final WatchCall.Rights rights;

    /**
     * @param watches opens a stream that answers to a sink
     * @param rights who may watch what
     * @param answerBytesMax the size from which an answer goes in pieces to those who asked for it
     * @param listener hears of every answer
     */
    WatchService(
            Function<WatchSink, WatchStream> watches,
            WatchCall.Rights rights,
            ReplyHeaders headers,
            long answerBytesMax,
            AnswerListener listener) {
        this.watches = watches;
        this.rights = rights;
        this.shared = new WatchAnswers.Shared(
                new WatchAnswer(), new WatchAnswer.Headers(headers), answerBytesMax, new AtomicLong(), listener);
    }

    @Override
    public ServerServiceDefinition bindService() {
        MethodDescriptor<WatchRequest, byte[]> watch = WatchGrpc.getWatchMethod().toBuilder(
                        WatchGrpc.getWatchMethod().getRequestMarshaller(), new EncodedAnswer())
                .build();
        ServiceDescriptor generated = WatchGrpc.getServiceDescriptor();
        ServiceDescriptor service = ServiceDescriptor.newBuilder(generated.getName())
                .setSchemaDescriptor(generated.getSchemaDescriptor())
                .addMethod(watch)
                .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(watch, (call, _) -> open(call))
                .build();
    }

    private ServerCall.Listener<WatchRequest> open(ServerCall<WatchRequest, byte[]> call) {
        return WatchCall.open(call, watches, shared, rights);
    }

    /** Bytes of answers that all streams hold. */
    long heldBytes() {
        return shared.held().get();
    }

    /** Answers that are bytes already. */
    private static final class EncodedAnswer implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] answer) {
            return new ByteArrayInputStream(answer);
        }

        @Override
        public byte[] parse(InputStream answer) {
            try {
                return answer.readAllBytes();
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }
    }
}
