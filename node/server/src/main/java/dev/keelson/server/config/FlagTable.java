package dev.keelson.server.config;

import dev.keelson.server.config.Flag.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every flag that etcd 3.7 has, with its default; where ours differs the reason stands beside it. */
final class FlagTable {

    static final String VARIABLE_PREFIX = "ETCD_";

    /** Flags that cannot be ignored: a member would be open that was meant to be closed. */
    static final List<String> NOT_YET = List.of(
            "cert-file",
            "key-file",
            "trusted-ca-file",
            "client-cert-auth",
            "auto-tls",
            "peer-cert-file",
            "peer-key-file",
            "peer-trusted-ca-file",
            "peer-client-cert-auth",
            "peer-auto-tls",
            "force-new-cluster",
            "config-file",
            "discovery-token",
            "discovery-srv");

    private final List<Flag> flags = new ArrayList<>();
    private String group = "";

    private FlagTable() {}

    static final List<Flag> ALL = new FlagTable().fill();

    static final Map<String, Flag> BY_NAME = ALL.stream().collect(Collectors.toMap(Flag::name, Function.identity()));

    private List<Flag> fill() {
        member();
        clustering();
        storage();
        limits();
        security();
        observability();
        return List.copyOf(flags);
    }

    private void member() {
        group = "Member";
        works(Type.TEXT, "name", "default");
        works(Type.TEXT, "data-dir", "");
        works(Type.TEXT, "listen-peer-urls", "http://localhost:2380");
        works(Type.TEXT, "listen-client-urls", "http://localhost:2379");
        works(Type.NUMBER, "heartbeat-interval", "100");
        works(Type.NUMBER, "election-timeout", "1000");
        // A flush costs more here than a snapshot mark does in etcd, and a replayed entry far less.
        works(Type.NUMBER, "snapshot-count", "100000");
        works(Type.NUMBER, "snapshot-catchup-entries", "5000");
        works(Type.SWITCH, "unsafe-no-fsync", "false");
        accepted(Type.TEXT, "wal-dir", "");
        accepted(Type.SWITCH, "initial-election-tick-advance", "true");
        accepted(Type.SWITCH, "pre-vote", "true");
        accepted(Type.TEXT, "listen-client-http-urls", "");
        accepted(Type.TEXT, "listen-metrics-urls", "");
        accepted(Type.NUMBER, "max-snapshots", "5");
        accepted(Type.NUMBER, "max-wals", "5");
        accepted(Type.DURATION, "raft-read-timeout", "5s");
        accepted(Type.DURATION, "raft-write-timeout", "5s");
        accepted(Type.SWITCH, "socket-reuse-port", "false");
        accepted(Type.SWITCH, "socket-reuse-address", "false");
        accepted(Type.SWITCH, "enable-grpc-gateway", "true");
        accepted(Type.TEXT, "cors", "*");
        accepted(Type.TEXT, "host-whitelist", "*");
        accepted(Type.SWITCH, "memory-mlock", "false");
        accepted(Type.TEXT, "feature-gates", "");
        accepted(Type.TEXT, "v2-deprecation", "");
    }

    private void clustering() {
        group = "Clustering";
        works(Type.TEXT, "initial-advertise-peer-urls", "http://localhost:2380");
        works(Type.TEXT, "initial-cluster", "");
        works(Type.TEXT, "initial-cluster-state", "new");
        works(Type.TEXT, "initial-cluster-token", "etcd-cluster");
        works(Type.TEXT, "advertise-client-urls", "http://localhost:2379");
        accepted(Type.SWITCH, "strict-reconfig-check", "true");
        accepted(Type.NUMBER, "max-learners", "1");
        accepted(Type.SWITCH, "force-new-cluster", "false");
        accepted(Type.TEXT, "discovery-token", "");
        accepted(Type.TEXT, "discovery-endpoints", "");
        accepted(Type.DURATION, "discovery-dial-timeout", "2s");
        accepted(Type.DURATION, "discovery-request-timeout", "5s");
        accepted(Type.DURATION, "discovery-keepalive-time", "2s");
        accepted(Type.DURATION, "discovery-keepalive-timeout", "6s");
        accepted(Type.SWITCH, "discovery-insecure-transport", "true");
        accepted(Type.SWITCH, "discovery-insecure-skip-tls-verify", "false");
        accepted(Type.TEXT, "discovery-cert", "");
        accepted(Type.TEXT, "discovery-key", "");
        accepted(Type.TEXT, "discovery-cacert", "");
        accepted(Type.TEXT, "discovery-user", "");
        accepted(Type.TEXT, "discovery-password", "");
        accepted(Type.TEXT, "discovery-srv", "");
        accepted(Type.TEXT, "discovery-srv-name", "");
    }

    private void storage() {
        group = "Storage";
        works(Type.NUMBER, "quota-backend-bytes", "0");
        accepted(Type.DURATION, "backend-batch-interval", "");
        accepted(Type.NUMBER, "backend-batch-limit", "0");
        accepted(Type.TEXT, "backend-bbolt-freelist-type", "map");
        accepted(Type.TEXT, "auto-compaction-mode", "periodic");
        accepted(Type.TEXT, "auto-compaction-retention", "0");
        accepted(Type.NUMBER, "compaction-batch-limit", "1000");
        accepted(Type.DURATION, "compaction-sleep-interval", "10ms");
        accepted(Type.NUMBER, "bootstrap-defrag-threshold-megabytes", "0");
        accepted(Type.DURATION, "corrupt-check-time", "0s");
        accepted(Type.DURATION, "compact-hash-check-time", "1m0s");
        accepted(Type.DURATION, "watch-progress-notify-interval", "10m0s");
        accepted(Type.DURATION, "downgrade-check-time", "5s");
    }

    private void limits() {
        group = "Limits";
        works(Type.NUMBER, "max-txn-ops", "128");
        works(Type.NUMBER, "max-request-bytes", "1572864");
        works(Type.NUMBER, "max-concurrent-streams", "4294967295");
        works(Type.DURATION, "grpc-keepalive-min-time", "5s");
        works(Type.DURATION, "grpc-keepalive-interval", "2h0m0s");
        works(Type.DURATION, "grpc-keepalive-timeout", "20s");
    }

    private void security() {
        group = "Security";
        for (String side : List.of("", "peer-")) {
            accepted(Type.TEXT, side + "cert-file", "");
            accepted(Type.TEXT, side + "key-file", "");
            accepted(Type.TEXT, side + "trusted-ca-file", "");
            accepted(Type.SWITCH, side + "client-cert-auth", "false");
            accepted(Type.SWITCH, side + "auto-tls", "false");
            accepted(Type.TEXT, side + "client-cert-file", "");
            accepted(Type.TEXT, side + "client-key-file", "");
        }
        accepted(Type.TEXT, "client-crl-file", "");
        accepted(Type.TEXT, "peer-crl-file", "");
        accepted(Type.TEXT, "client-cert-allowed-hostname", "");
        accepted(Type.TEXT, "peer-cert-allowed-cn", "");
        accepted(Type.TEXT, "peer-cert-allowed-hostname", "");
        accepted(Type.SWITCH, "peer-skip-client-san-verification", "false");
        accepted(Type.NUMBER, "self-signed-cert-validity", "1");
        accepted(Type.TEXT, "cipher-suites", "");
        accepted(Type.TEXT, "tls-min-version", "TLS1.2");
        accepted(Type.TEXT, "tls-max-version", "");
        accepted(Type.TEXT, "auth-token", "simple");
        accepted(Type.NUMBER, "auth-token-ttl", "300");
        accepted(Type.NUMBER, "bcrypt-cost", "10");
    }

    private void observability() {
        group = "Logging and observation";
        works(Type.TEXT, "log-level", "info");
        works(Type.TEXT, "log-format", "json");
        accepted(Type.TEXT, "logger", "zap");
        accepted(Type.TEXT, "log-outputs", "default");
        accepted(Type.SWITCH, "enable-log-rotation", "false");
        accepted(Type.TEXT, "log-rotation-config-json", "");
        accepted(Type.TEXT, "metrics", "basic");
        accepted(Type.SWITCH, "enable-pprof", "false");
        accepted(Type.DURATION, "warning-apply-duration", "100ms");
        accepted(Type.DURATION, "warning-unary-request-duration", "300ms");
        accepted(Type.SWITCH, "enable-distributed-tracing", "false");
        accepted(Type.TEXT, "distributed-tracing-address", "localhost:4317");
        accepted(Type.TEXT, "distributed-tracing-service-name", "etcd");
        accepted(Type.TEXT, "distributed-tracing-instance-id", "");
        accepted(Type.NUMBER, "distributed-tracing-sampling-rate", "0");
        accepted(Type.TEXT, "config-file", "");
    }

    private void works(Type type, String name, String standard) {
        flags.add(new Flag(group, name, type, standard, true));
    }

    private void accepted(Type type, String name, String standard) {
        flags.add(new Flag(group, name, type, standard, false));
    }
}
