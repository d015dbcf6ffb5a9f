package dev.keelson.operator;

import dev.keelson.operator.api.Labels;
import dev.keelson.operator.certificates.TlsHandshakes;
import dev.keelson.operator.execute.ClusterPass;
import dev.keelson.operator.execute.Images;
import dev.keelson.operator.execute.Ports;
import dev.keelson.operator.kubernetes.Fabric8Events;
import dev.keelson.operator.kubernetes.Fabric8Kubernetes;
import dev.keelson.operator.store.GrpcStores;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;

/** Wires the operator together. */
final class OperatorApplication {
    private OperatorApplication() {}

    /** Two replicas run, one of them works: the one that holds this lease. */
    @Produces
    @Singleton
    static LeaderElectionConfiguration leaderElection(KubernetesClient client, OperatorConfig config) {
        String namespace = config.leaseNamespace().orElse(Objects.requireNonNullElse(client.getNamespace(), "default"));
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(Labels.OPERATOR)
                .withLeaseNamespace(namespace)
                .build();
    }

    @Produces
    @Singleton
    static ClusterPass clusterPass(KubernetesClient client, OperatorConfig config) {
        Clock clock = Clock.systemUTC();
        String instance = Objects.requireNonNullElse(System.getenv("HOSTNAME"), Labels.OPERATOR);
        System.Logger log = System.getLogger(Fabric8Events.class.getName());
        Fabric8Events events = new Fabric8Events(
                event -> client.events().v1().events().resource(event).create(),
                line -> log.log(System.Logger.Level.WARNING, line),
                clock,
                instance);
        Ports ports =
                new Ports(new Fabric8Kubernetes(client), new GrpcStores(), new TlsHandshakes(), events::note, clock);
        return new ClusterPass(ports, new Images(config.imageRepository(), config.version()));
    }
}
