package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.api.ServiceSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** How members are found, by each other and by clients, and how many must be left alone at once. */
public final class Services {
    private Services() {}

    /** A name for each member, also before it is ready: members need each other's names to become ready. */
    public static Service peers(KeelsonCluster cluster) {
        Names names = Names.of(cluster);
        return new ServiceBuilder()
                .withMetadata(Owned.metadata(cluster, names.peersService()).build())
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Owned.selector(cluster))
                .withPorts(port("peer", Names.PEER_PORT), port("client", Names.CLIENT_PORT))
                .endSpec()
                .build();
    }

    /** One name for all voters that are ready. */
    public static Service client(KeelsonCluster cluster) {
        Names names = Names.of(cluster);
        ServiceSpec wanted = cluster.getSpec().service();
        return new ServiceBuilder()
                .withMetadata(Owned.metadata(cluster, names.clientService())
                        .withAnnotations(wanted.annotations())
                        .build())
                .withNewSpec()
                .withType(wanted.type().name())
                .withSelector(voters(cluster))
                .withPorts(port("client", Names.CLIENT_PORT))
                .endSpec()
                .build();
    }

    /**
     * How many voters must stay while others are evicted: a quorum of those there are or, when more are wanted, of those. A
     * single member may be evicted, since it could never be moved otherwise.
     */
    public static PodDisruptionBudget budget(KeelsonCluster cluster, int voters) {
        int most = Math.max(voters, cluster.getSpec().members());
        int least = most == 1 ? 0 : most / 2 + 1;
        return new PodDisruptionBudgetBuilder()
                .withMetadata(
                        Owned.metadata(cluster, Names.of(cluster).budget()).build())
                .withNewSpec()
                .withMinAvailable(new IntOrString(least))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(voters(cluster))
                .endSelector()
                .endSpec()
                .build();
    }

    /** What an application needs to know to connect. */
    public static ConfigMap connection(KeelsonCluster cluster) {
        Names names = Names.of(cluster);
        return new ConfigMapBuilder()
                .withMetadata(Owned.metadata(cluster, names.connection()).build())
                .addToData("endpoints", names.clientEndpoint())
                .addToData("scheme", names.scheme())
                .build();
    }

    private static Map<String, String> voters(KeelsonCluster cluster) {
        Map<String, String> selector = new LinkedHashMap<>(Owned.selector(cluster));
        selector.put(Labels.ROLE, "voter");
        return selector;
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withTargetPort(new IntOrString(number))
                .withProtocol("TCP")
                .build();
    }
}
