package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.TlsSpec;
import java.util.List;

/** Names of the objects of one cluster, and the addresses that follow from them. */
public record Names(String namespace, String cluster, TlsSpec protection) {
    public static final int CLIENT_PORT = 2379;
    public static final int PEER_PORT = 2380;
    /** Health and metrics without TLS, for the kubelet and for scrapers. */
    public static final int METRICS_PORT = 2381;

    public static Names of(KeelsonCluster cluster) {
        return new Names(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                cluster.getSpec().tls());
    }

    /** Whether connections are protected. */
    public boolean tls() {
        return protection.mode() != TlsSpec.Mode.Disabled;
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

    /** What clients show, the operator among them. */
    public String clientSecret() {
        String given = protection.clientSecret();
        return protection.mode() == TlsSpec.Mode.Secrets && given != null ? given : cluster + "-client";
    }

    /** What a member shows. */
    public String memberSecret(String member) {
        String given = protection.memberSecret();
        return protection.mode() == TlsSpec.Mode.Secrets && given != null ? given : member + "-tls";
    }

    /** The password of the root user that is in force. */
    public String rootSecret() {
        return cluster + "-root";
    }

    /** The host of a member, as its peers and its certificate name it. */
    public String host(String member) {
        return member + "." + peersService() + "." + namespace + ".svc";
    }

    /** All names and addresses that a member's certificate is for. */
    public List<String> certified(String member) {
        String peers = peersService() + "." + namespace + ".svc";
        String clients = clientService() + "." + namespace;
        return List.of(
                host(member),
                "*." + peers,
                "*." + peers + ".cluster.local",
                clientService(),
                clients,
                clients + ".svc",
                clients + ".svc.cluster.local",
                "localhost",
                "127.0.0.1");
    }

    /** Whether a host is named by its address. */
    public static boolean isAddress(String host) {
        return host.matches("[0-9.]+|.*:.*");
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
        return tls() ? "https" : "http";
    }
}
