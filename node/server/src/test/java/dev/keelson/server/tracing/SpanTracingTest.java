package dev.keelson.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.server.metrics.ObservedCluster;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans of a whole member, as they arrive at a collector that speaks OpenTelemetry's protocol. */
class SpanTracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final int NEVER = 0;
    private static final int ALWAYS = 1_000_000;
    private static final long WAIT_SECONDS = 30;

    private final BlockingQueue<ResourceSpans> received = new LinkedBlockingQueue<>();
    private Server collector;

    @TempDir
    private Path directory;

    @BeforeEach
    void listen() throws Exception {
        collector = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new TraceServiceGrpc.TraceServiceImplBase() {
                    @Override
                    public void export(
                            ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
                        received.addAll(request.getResourceSpansList());
                        answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
                        answer.onCompleted();
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        collector.shutdownNow();
    }

    private TracingConfig config(int samplesPerMillion) {
        return new TracingConfig("127.0.0.1:" + collector.getPort(), "etcd", "this-one", samplesPerMillion);
    }

    /** Sends a put that goes well and a range that is refused, with or without a caller's trace. */
    private static void call(ObservedCluster cluster, String traceparent) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", cluster.port(0))
                .usePlaintext()
                .build();
        try {
            var headers = new Metadata();
            if (!traceparent.isEmpty()) {
                headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent);
            }
            var kv = KVGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
            ByteString key = ByteString.copyFromUtf8("key");
            kv.put(PutRequest.newBuilder().setKey(key).build());
            try {
                kv.range(RangeRequest.newBuilder().setKey(key).setRevision(99).build());
                throw new AssertionError("a revision of the future was read");
            } catch (StatusRuntimeException refused) {
                assertThat(refused.getStatus().getDescription()).contains("future revision");
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private List<Span> spans(ResourceSpans batch) {
        return batch.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private static String attribute(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().hasIntValue()
                        ? Long.toString(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no attribute " + key));
    }

    @Test
    void callsOfATraceBecomeItsSpans() throws Exception {
        try (var cluster = new ObservedCluster(directory, 1, config(NEVER))) {
            call(cluster, "00-" + TRACE + "-" + PARENT + "-01");
        }

        ResourceSpans batch = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(batch).isNotNull();
        assertThat(attribute(batch.getResource().getAttributesList(), "service.name"))
                .isEqualTo("etcd");
        assertThat(attribute(batch.getResource().getAttributesList(), "service.instance.id"))
                .isEqualTo("this-one");
        assertThat(spans(batch))
                .extracting(Span::getName)
                .containsExactly("etcdserverpb.KV/Put", "etcdserverpb.KV/Range");
        Span range = spans(batch).getLast();
        assertThat(HexFormat.of().formatHex(range.getTraceId().toByteArray())).isEqualTo(TRACE);
        assertThat(HexFormat.of().formatHex(range.getParentSpanId().toByteArray()))
                .isEqualTo(PARENT);
        assertThat(range.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(attribute(range.getAttributesList(), "rpc.service")).isEqualTo("etcdserverpb.KV");
        assertThat(attribute(range.getAttributesList(), "rpc.method")).isEqualTo("Range");
        assertThat(attribute(range.getAttributesList(), "rpc.grpc.status_code")).isEqualTo("11");
    }

    @Test
    void ofCallsWithoutATraceAShareIsSampled() throws Exception {
        try (var cluster = new ObservedCluster(directory, 1, config(ALWAYS))) {
            call(cluster, "");
        }

        ResourceSpans batch = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(batch).isNotNull();
        assertThat(spans(batch))
                .hasSize(2)
                .allMatch(span -> span.getParentSpanId().isEmpty());
    }

    @Test
    void aCallerThatDoesNotSampleAndACallWithoutATraceLeaveNoSpan() throws Exception {
        try (var cluster = new ObservedCluster(directory, 1, config(NEVER))) {
            call(cluster, "00-" + TRACE + "-" + PARENT + "-00");
            call(cluster, "");
            call(cluster, "no trace at all");
        }

        assertThat(received).isEmpty();
    }
}
