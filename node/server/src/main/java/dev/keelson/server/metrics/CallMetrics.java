package dev.keelson.server.metrics;

import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one gRPC method; itself the tracer of every call of it, since nothing needs to be kept for a call unless
 * calls are timed.
 *
 * <p>Thread rule: any thread; no allocation per call unless calls are timed.
 */
final class CallMetrics extends ServerStreamTracer {

    /** The code of a call in the words of etcd's metrics, at the place of its number. */
    private static final List<String> CODES = List.of(
            "OK",
            "Canceled",
            "Unknown",
            "InvalidArgument",
            "DeadlineExceeded",
            "NotFound",
            "AlreadyExists",
            "PermissionDenied",
            "ResourceExhausted",
            "FailedPrecondition",
            "Aborted",
            "OutOfRange",
            "Unimplemented",
            "Internal",
            "Unavailable",
            "DataLoss",
            "Unauthenticated");

    private final String service;
    private final String method;
    private final String type;
    private final GrpcMetrics.Bytes bytes;
    private final @Nullable Histogram handling;
    private final LongAdder started = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder[] handled = new LongAdder[CODES.size()];

    /** @param timed whether to measure how long calls take */
    CallMetrics(MethodDescriptor<?, ?> descriptor, GrpcMetrics.Bytes bytes, boolean timed) {
        this.service = String.valueOf(descriptor.getServiceName());
        this.method = String.valueOf(descriptor.getBareMethodName());
        this.type = type(descriptor.getType());
        this.bytes = bytes;
        this.handling = timed ? Histogram.ofSeconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10) : null;
        for (int code = 0; code < handled.length; code++) {
            handled[code] = new LongAdder();
        }
    }

    private static String type(MethodDescriptor.MethodType type) {
        return switch (type) {
            case UNARY -> "unary";
            case CLIENT_STREAMING -> "client_stream";
            case SERVER_STREAMING -> "server_stream";
            case BIDI_STREAMING -> "bidi_stream";
            case UNKNOWN -> "unknown";
        };
    }

    /** Whether its answers leave past gRPC. */
    private boolean isWatch() {
        return service.equals("etcdserverpb.Watch");
    }

    boolean isStream() {
        return !type.equals("unary");
    }

    /** What follows one call. */
    ServerStreamTracer begin() {
        started.increment();
        return handling == null ? this : new Timed(handling);
    }

    @Override
    public void inboundMessage(int number) {
        received.increment();
    }

    @Override
    public void outboundMessage(int number) {
        sent.increment();
    }

    @Override
    public void inboundUncompressedSize(long size) {
        bytes.received().add(size);
    }

    @Override
    public void outboundUncompressedSize(long size) {
        bytes.sent().add(size);
    }

    @Override
    public void streamClosed(Status status) {
        handled[status.getCode().value()].increment();
    }

    /** The labels of the method; {@code grpc_code}, which comes before them, is for those that have one. */
    private Labels labels(@Nullable String code) {
        Labels first =
                code == null ? Labels.of("grpc_method", method) : Labels.of("grpc_code", code, "grpc_method", method);
        return first.and("grpc_service", service).and("grpc_type", type);
    }

    static void collect(List<CallMetrics> methods, WatchMetrics watches, Exposition out) {
        var handled = out.samples(
                "grpc_server_handled_total", Exposition.Type.COUNTER, "Calls that ended, by the code they ended with.");
        var handling = out.samples(
                "grpc_server_handling_seconds", Exposition.Type.HISTOGRAM, "How long calls took, from their start.");
        var received = out.samples(
                "grpc_server_msg_received_total", Exposition.Type.COUNTER, "Messages of clients that arrived.");
        var sent = out.samples(
                "grpc_server_msg_sent_total", Exposition.Type.COUNTER, "Messages that were sent to clients.");
        var started = out.samples("grpc_server_started_total", Exposition.Type.COUNTER, "Calls that began.");
        for (String code : CODES.stream().sorted().toList()) {
            for (CallMetrics each : methods) {
                handled.add(each.labels(code), each.handled[CODES.indexOf(code)].sum());
            }
        }
        for (CallMetrics each : methods) {
            Labels labels = each.labels(null);
            if (each.handling != null) {
                handling.add(labels, each.handling);
            }
            received.add(labels, each.received.sum());
            sent.add(labels, each.sent.sum() + (each.isWatch() ? watches.messages() : 0));
            started.add(labels, each.started.sum());
        }
    }

    /** One call whose end is waited for with a clock. */
    private final class Timed extends ServerStreamTracer {

        private final Histogram durations;
        private final long began = System.nanoTime();

        Timed(Histogram durations) {
            this.durations = durations;
        }

        @Override
        public void inboundMessage(int number) {
            CallMetrics.this.inboundMessage(number);
        }

        @Override
        public void outboundMessage(int number) {
            CallMetrics.this.outboundMessage(number);
        }

        @Override
        public void inboundUncompressedSize(long size) {
            CallMetrics.this.inboundUncompressedSize(size);
        }

        @Override
        public void outboundUncompressedSize(long size) {
            CallMetrics.this.outboundUncompressedSize(size);
        }

        @Override
        public void streamClosed(Status status) {
            durations.recordSince(began);
            CallMetrics.this.streamClosed(status);
        }
    }
}
