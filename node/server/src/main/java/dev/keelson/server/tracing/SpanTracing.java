package dev.keelson.server.tracing;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes a span of every call of a client that is sampled and sends the spans to a collector, in batches.
 *
 * <p>A caller that hands its trace over ({@code traceparent}) decides whether the call is sampled; of the others a share is.
 *
 * <p>Thread rule: calls come on event loops; spans leave on a thread of the library.
 */
public final class SpanTracing extends ServerStreamTracer.Factory implements AutoCloseable {

    private static final String INSTRUMENTATION = "dev.keelson.server";
    private static final double MILLION = 1_000_000;
    private static final long CLOSE_SECONDS_MAX = 2;

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("rpc.grpc.status_code");

    /** The codes that are the server's fault. */
    private static final Set<Status.Code> FAULTS = EnumSet.of(
            Status.Code.UNKNOWN,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.INTERNAL,
            Status.Code.UNAVAILABLE,
            Status.Code.DATA_LOSS);

    private static final ServerStreamTracer UNSEEN = new ServerStreamTracer() {};

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final TextMapPropagator propagator =
            TextMapPropagator.composite(W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance());

    private SpanTracing(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get(INSTRUMENTATION);
    }

    /** Begins to send to the collector; one that cannot be reached holds nothing up. */
    public static SpanTracing start(TracingConfig config) {
        var exporter = OtlpGrpcSpanExporter.builder()
                .setEndpoint("http://" + config.address())
                .setMeterProvider(MeterProvider.noop())
                .build();
        return new SpanTracing(SdkTracerProvider.builder()
                .setResource(resource(config))
                .setSampler(Sampler.parentBased(sampler(config)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMeterProvider(MeterProvider.noop())
                        .build())
                .build());
    }

    private static Resource resource(TracingConfig config) {
        var resource = Resource.builder().put("service.name", config.serviceName());
        if (!config.instanceId().isEmpty()) {
            resource.put("service.instance.id", config.instanceId());
        }
        return resource.build();
    }

    private static Sampler sampler(TracingConfig config) {
        return config.samplesPerMillion() == 0
                ? Sampler.alwaysOff()
                : Sampler.traceIdRatioBased(config.samplesPerMillion() / MILLION);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        int slash = fullMethodName.indexOf('/');
        Span span = tracer.spanBuilder(fullMethodName)
                .setParent(propagator.extract(Context.root(), headers, new HeaderGetter()))
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(SYSTEM, "grpc")
                .setAttribute(SERVICE, fullMethodName.substring(0, Math.max(0, slash)))
                .setAttribute(METHOD, fullMethodName.substring(slash + 1))
                .startSpan();
        return span.isRecording() ? new Traced(span) : UNSEEN;
    }

    /** Sends what has gathered, for a bounded time. */
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** One call that has a span. */
    private static final class Traced extends ServerStreamTracer {

        private final Span span;

        Traced(Span span) {
            this.span = span;
        }

        @Override
        public void streamClosed(Status status) {
            span.setAttribute(STATUS, status.getCode().value());
            if (FAULTS.contains(status.getCode())) {
                String description = status.getDescription();
                span.setStatus(StatusCode.ERROR, description == null ? "" : description);
            }
            span.end();
        }
    }
}
