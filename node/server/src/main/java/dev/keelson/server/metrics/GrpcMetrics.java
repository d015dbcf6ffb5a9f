package dev.keelson.server.metrics;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the calls of clients. Every method shows from the start, so that a rate can be taken of the first call.
 *
 * <p>Thread rule: calls come on event loops.
 */
public final class GrpcMetrics extends ServerStreamTracer.Factory implements MetricSource {

    /** Services that etcd's metrics do not know: they take part in the sums of bytes only. */
    private static final List<String> UNCOUNTED = List.of("grpc.reflection.", "v3lockpb.", "v3electionpb.");

    private final Map<String, CallMetrics> methods = new HashMap<>();
    private final List<CallMetrics> sorted;
    private final Bytes bytes = new Bytes(new LongAdder(), new LongAdder());
    private final ServerStreamTracer others = new Uncounted();
    private final ClientVersions versions = new ClientVersions();
    private final WatchMetrics watches;

    /** Sizes of messages before compression. */
    record Bytes(LongAdder received, LongAdder sent) {}

    /**
     * @param watches what was sent past gRPC
     * @param timed whether to measure how long calls take, as with {@code --metrics=extensive}
     */
    public GrpcMetrics(List<? extends BindableService> services, WatchMetrics watches, boolean timed) {
        this.watches = watches;
        for (BindableService service : services) {
            for (var method : service.bindService().getMethods()) {
                MethodDescriptor<?, ?> descriptor = method.getMethodDescriptor();
                if (UNCOUNTED.stream().noneMatch(descriptor.getFullMethodName()::startsWith)) {
                    methods.put(descriptor.getFullMethodName(), new CallMetrics(descriptor, bytes, timed));
                }
            }
        }
        sorted = methods.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, CallMetrics> entry) -> bareName(entry.getKey()))
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String bareName(String fullName) {
        return fullName.substring(fullName.indexOf('/') + 1);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        CallMetrics method = methods.get(fullMethodName);
        if (method == null) {
            return others;
        }
        versions.count(headers, method.isStream());
        return method.begin();
    }

    @Override
    public void collect(Exposition out) {
        CallMetrics.collect(sorted, watches, out);
        versions.collect(out);
        out.counter("etcd_network_client_grpc_received_bytes_total", "Bytes of clients' messages.", bytes.received());
        out.counter(
                "etcd_network_client_grpc_sent_bytes_total",
                "Bytes of messages to clients.",
                (double) bytes.sent().sum() + watches.bytes());
    }

    /** A call of a method that is not counted by name, perhaps one that does not exist. */
    private final class Uncounted extends ServerStreamTracer {

        @Override
        public void inboundUncompressedSize(long size) {
            bytes.received().add(size);
        }

        @Override
        public void outboundUncompressedSize(long size) {
            bytes.sent().add(size);
        }
    }
}
