package dev.keelson.server.grpc;

import dev.keelson.engine.NodeEngine;
import dev.keelson.server.auth.Authentication;
import dev.keelson.server.auth.Authorizer;
import dev.keelson.server.auth.LogIns;
import dev.keelson.server.auth.WatchRights;
import dev.keelson.server.gateway.Gateway;
import dev.keelson.server.http.AccessRules;
import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.http.NodeHealth;
import dev.keelson.server.http.ProbeListener;
import dev.keelson.server.port.ClientPort;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a client port serves, over one node. */
public final class EtcdServices {

    private EtcdServices() {}

    /**
     * What the services are told at their start.
     *
     * @param txnOpsMax operations of one transaction
     * @param quotaBytes what the store may occupy, as reported to clients
     * @param answerBytesMax the size from which a watcher's answer goes in pieces, if it asked for that
     * @param answers hears what watches are sent
     * @param exports writes snapshots
     * @param access how clients say who they are
     * @param web what is served over HTTP
     */
    public record Settings(
            long clusterId,
            long memberId,
            int txnOpsMax,
            long quotaBytes,
            long answerBytesMax,
            AnswerListener answers,
            SnapshotExports exports,
            Authentication access,
            Web web) {}

    /**
     * @param gateway bounds of requests in JSON, or null not to serve them
     * @param rules who may ask over HTTP
     * @param probes hears how probes came out
     */
    public record Web(Gateway.@Nullable Limits gateway, AccessRules rules, ProbeListener probes) {}

    /** What probes ask of the node. */
    public static NodeHealth health(NodeEngine engine) {
        return new EngineHealth(engine);
    }

    /** @param streams what keeps account of calls that stay open */
    public static ClientPort.Services over(NodeEngine engine, OpenStreams streams, Settings settings) {
        var headers = new ReplyHeaders(engine, settings.clusterId(), settings.memberId());
        var logIns = new LogIns(engine.auth(), settings.access());
        var authorizer = new Authorizer(engine.auth(), settings.access().callers(), Statuses::of);
        List<BindableService> services = authorized(
                authorizer,
                List.of(
                        new KvService(engine, headers, settings.txnOpsMax()),
                        new ClusterService(engine, headers, InstantSource.system()),
                        new MaintenanceService(engine, headers, settings.quotaBytes(), settings.exports()),
                        new WatchService(
                                engine.watches()::open,
                                (identity, request) -> WatchRights.refusal(engine.auth(), identity, request),
                                headers,
                                settings.answerBytesMax(),
                                settings.answers()),
                        new LeaseService(engine, headers),
                        new AuthService(engine, headers, logIns),
                        new LockService(engine, headers),
                        new ElectionService(engine, headers),
                        new HealthStatusManager().getHealthService(),
                        ProtoReflectionServiceV1.newInstance()));
        var guard = new CallGuard(engine, streams);
        Gateway.Limits gateway = settings.web().gateway();
        return new ClientPort.Services(services, guard, http(engine, settings.web()))
                .withGateway(gateway == null ? null : definitions -> new Gateway(definitions, gateway));
    }

    private static List<BindableService> authorized(ServerInterceptor authorizer, List<BindableService> services) {
        return services.stream()
                .<BindableService>map(service -> () -> ServerInterceptors.intercept(service, authorizer))
                .toList();
    }

    private static HttpRouter http(NodeEngine engine, Web web) {
        return HttpRouter.ofProbes(health(engine), web.probes()).withRules(web.rules());
    }
}
