package dev.keelson.server.member;

import dev.keelson.engine.NodeEngine;
import dev.keelson.server.grpc.EtcdServices;
import dev.keelson.server.http.HttpRoute;
import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.metrics.AbsentParts;
import dev.keelson.server.metrics.DebugVarsRoute;
import dev.keelson.server.metrics.GrpcMetrics;
import dev.keelson.server.metrics.JvmMetrics;
import dev.keelson.server.metrics.LeaseMetrics;
import dev.keelson.server.metrics.MemberMetrics;
import dev.keelson.server.metrics.MetricsRoute;
import dev.keelson.server.metrics.ProcessMetrics;
import dev.keelson.server.port.ClientPort;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.port.MetricsPort;
import dev.keelson.server.tls.LiveTls;
import dev.keelson.server.tracing.SpanTracing;
import dev.keelson.server.tracing.TracingConfig;
import io.grpc.ServerStreamTracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a member shows to those who watch over it: metrics, variables, spans, and ports for probes alone.
 *
 * <p>Thread rule: made, opened and closed by the one who runs the member.
 */
final class Watching implements AutoCloseable {

    private final MemberConfig config;
    private final MemberFigures figures;
    private final NodeEngine engine;
    private final GrpcMetrics calls;
    private final MetricsRoute metrics;
    private final @Nullable SpanTracing tracing;
    private final @Nullable LiveTls tls;
    private @Nullable MetricsPort port;

    Watching(MemberConfig config, MemberFigures figures, NodeEngine engine, ClientPort.Services services) {
        this.config = config;
        this.figures = figures;
        this.engine = engine;
        this.tls = services.tls();
        this.calls = new GrpcMetrics(
                services.grpc(), figures.watches(), config.observation().extensive());
        this.metrics = new MetricsRoute(List.of(
                new MemberMetrics(
                        engine, figures.leaders(), config.maintenance().quotaBytes()),
                figures.requests(),
                figures.disk(),
                figures.peers(),
                figures.health(),
                calls,
                out -> figures.watches().collect(engine.watches().counts(), out),
                new LeaseMetrics(engine),
                new ProcessMetrics(),
                new JvmMetrics(),
                new AbsentParts()));
        TracingConfig wanted = config.observation().tracing();
        this.tracing = wanted == null ? null : SpanTracing.start(wanted);
    }

    /** The services with what they are watched by. */
    ClientPort.Services over(ClientPort.Services services) {
        List<ServerStreamTracer.Factory> followers = new ArrayList<>(List.of(calls));
        if (tracing != null) {
            followers.add(tracing);
        }
        Map<String, HttpRoute> shown = new LinkedHashMap<>();
        shown.put("/metrics", metrics);
        shown.put("/debug/vars", new DebugVarsRoute(engine, config.observation().commandLine()));
        return services.with(services.http().with(shown), followers);
    }

    /** Begins to serve the addresses that are for probes and metrics alone. */
    List<Integer> open(EventLoops loops) {
        Map<String, HttpRoute> routes = HttpRouter.probes(EtcdServices.health(engine), figures.health());
        routes.put("/metrics", metrics);
        port = MetricsPort.open(
                config.addresses().metrics(), loops, config.limits().port(), new HttpRouter(routes), tls);
        return port.ports();
    }

    @Override
    public void close() {
        if (port != null) {
            port.close();
        }
        if (tracing != null) {
            tracing.close();
        }
        metrics.close();
    }
}
