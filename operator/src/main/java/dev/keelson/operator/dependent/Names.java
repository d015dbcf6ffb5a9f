package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.TlsSpec;

/** Names of the objects of one cluster, and the addresses that follow from them. */
public record Names(String namespace, String cluster, boolean tls) {
    public static final int CLIENT_PORT = 2379;
    public static final int PEER_PORT = 2380;
    /** Health and metrics without TLS, for the kubelet and for scrapers. */
    public static final int METRICS_PORT = 2381;

    public static Names of(KeelsonCluster cluster) {
        return new Names(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                cluster.getSpec().tls().mode() == TlsSpec.Mode.Managed);
    }

    public String peersService() {
        return cluster + "-peers";
    }

    public String clientService() {
        return cluster;
    }

    public String budget() {
        return cluster;
    }

    public String bootstrap() {
        return cluster + "-bootstrap";
    }

    public String connection() {
        return cluster + "-connection";
    }

    public String authoritySecret() {
        return cluster + "-ca";
    }

    public String clientSecret() {
        return cluster + "-client";
    }

    public String memberSecret(String member) {
        return member + "-tls";
    }

    /** The host of a member, as its peers and its certificate name it. */
    public String host(String member) {
        return member + "." + peersService() + "." + namespace + ".svc";
    }

    public String peerUrl(String member) {
        return scheme() + "://" + host(member) + ":" + PEER_PORT;
    }

    public String clientUrl(String member) {
        return scheme() + "://" + host(member) + ":" + CLIENT_PORT;
    }

    public String clientEndpoint() {
        return scheme() + "://" + clientService() + "." + namespace + ".svc:" + CLIENT_PORT;
    }

    public String scheme() {
        return tls ? "https" : "http";
    }
}
