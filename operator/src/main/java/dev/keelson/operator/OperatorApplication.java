package dev.keelson.operator;

import dev.keelson.operator.api.Labels;
import dev.keelson.operator.execute.ClusterPass;
import dev.keelson.operator.execute.Images;
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
        Fabric8Events events = new Fabric8Events(client, clock, instance);
        return new ClusterPass(
                new Fabric8Kubernetes(client),
                new GrpcStores(),
                events::note,
                clock,
                new Images(config.imageRepository(), config.version()));
    }
}
