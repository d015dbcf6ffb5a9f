package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.ServerSpec;
import dev.keelson.operator.api.ServerSpec.AutoCompaction;
import dev.keelson.operator.api.TlsSpec.ClientAuthentication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** The command line of a member: etcd's flags. */
public final class ServerOptions {
    /** Flags that follow from where a member runs, or from fields of their own. */
    private static final Set<String> OWNED = Set.of(
            "name",
            "data-dir",
            "wal-dir",
            "config-file",
            "listen-peer-urls",
            "listen-client-urls",
            "listen-client-http-urls",
            "listen-metrics-urls",
            "initial-advertise-peer-urls",
            "advertise-client-urls",
            "initial-cluster",
            "initial-cluster-state",
            "initial-cluster-token",
            "force-new-cluster",
            "strict-reconfig-check",
            "heartbeat-interval",
            "election-timeout",
            "quota-backend-bytes",
            "auto-compaction-mode",
            "auto-compaction-retention",
            "discovery-srv",
            "discovery-endpoints");

    private ServerOptions() {}

    /** Whether users may not set a flag themselves. */
    public static boolean isOwned(String flag) {
        return OWNED.contains(flag)
                || flag.startsWith("peer-")
                || flag.endsWith("cert-file")
                || flag.endsWith("key-file")
                || flag.equals("trusted-ca-file")
                || flag.equals("client-cert-auth")
                || flag.equals("auto-tls")
                || flag.startsWith("discovery");
    }

    static List<String> of(KeelsonCluster cluster, String member) {
        Names names = Names.of(cluster);
        ServerSpec server = cluster.getSpec().server();
        List<String> options = new ArrayList<>();
        options.add("--name=" + member);
        options.add("--data-dir=" + MemberPod.DATA_PATH + "/data");
        options.add("--listen-peer-urls=" + names.scheme() + "://0.0.0.0:" + Names.PEER_PORT);
        options.add("--listen-client-urls=" + names.scheme() + "://0.0.0.0:" + Names.CLIENT_PORT);
        options.add("--listen-metrics-urls=http://0.0.0.0:" + Names.METRICS_PORT);
        options.add("--initial-advertise-peer-urls=" + names.peerUrl(member));
        options.add("--advertise-client-urls=" + names.clientUrl(member));
        options.add("--initial-cluster-token=" + cluster.getMetadata().getUid());
        options.add("--heartbeat-interval="
                + Amounts.duration(server.heartbeatInterval()).toMillis());
        options.add("--election-timeout="
                + Amounts.duration(server.electionTimeout()).toMillis());
        if (server.quotaBytes() != null) {
            options.add("--quota-backend-bytes=" + Amounts.bytes(server.quotaBytes()));
        }
        AutoCompaction compaction = server.autoCompaction();
        if (compaction != null) {
            options.add("--auto-compaction-mode=" + compaction.mode().name().toLowerCase(Locale.ROOT));
            options.add("--auto-compaction-retention=" + compaction.retention());
        }
        if (names.tls()) {
            tls(options, cluster.getSpec().tls().clientAuthentication() == ClientAuthentication.Required);
        }
        new TreeMap<>(server.extraOptions()).forEach((flag, value) -> options.add("--" + flag + "=" + value));
        return options;
    }

    private static void tls(List<String> options, boolean clientsShowCertificates) {
        for (String side : List.of("", "peer-")) {
            options.add("--" + side + "cert-file=" + MemberPod.TLS_PATH + "/tls.crt");
            options.add("--" + side + "key-file=" + MemberPod.TLS_PATH + "/tls.key");
            options.add("--" + side + "trusted-ca-file=" + MemberPod.TLS_PATH + "/ca.crt");
        }
        options.add("--peer-client-cert-auth=true");
        options.add("--client-cert-auth=" + clientsShowCertificates);
    }
}
