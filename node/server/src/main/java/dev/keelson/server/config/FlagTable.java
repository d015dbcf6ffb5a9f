package dev.keelson.server.config;

import dev.keelson.server.config.Flag.Effect;
import dev.keelson.server.config.Flag.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every flag that etcd 3.7 has, with its default; where ours differs the reason stands beside it. */
final class FlagTable {

    static final String VARIABLE_PREFIX = "ETCD_";

    static final List<Flag> ALL = new FlagTable().fill();

    static final Map<String, Flag> BY_NAME = ALL.stream().collect(Collectors.toMap(Flag::name, Function.identity()));

    private final List<Flag> flags = new ArrayList<>();
    private String group = "";

    private FlagTable() {}

    private List<Flag> fill() {
        identity();
        listen();
        raft();
        storage();
        limits();
        clientTls();
        peerTls();
        tls();
        auth();
        observability();
        integrity();
        discovery();
        other();
        return List.copyOf(flags);
    }

    private void identity() {
        group = "Identity";
        works(Type.TEXT, "name", "default", "name of this member, one of its own for every member");
        works(Type.TEXT, "data-dir", "", "folder of its data (default: <name>.etcd)");
        works(Type.TEXT, "wal-dir", "", "folder for the log alone (default: in the data folder)");
        works(
                Type.TEXT,
                "initial-cluster",
                "",
                "members a new cluster starts with, name=peer-url,... (default: this one alone)");
        works(
                Type.TEXT,
                "initial-cluster-state",
                "new",
                "new, or existing to join a cluster that runs; what the data folder holds goes before it");
        works(Type.TEXT, "initial-cluster-token", "etcd-cluster", "tells clusters apart that start with the same URLs");
        works(
                Type.TEXT,
                "initial-advertise-peer-urls",
                "http://localhost:2380",
                "where the other members reach this one");
        works(Type.TEXT, "advertise-client-urls", "http://localhost:2379", "where clients reach this one");
        works(Type.SWITCH, "force-new-cluster", "false", "make a cluster of this member alone out of its data");
        works(Type.SWITCH, "strict-reconfig-check", "true", "refuse changes of membership that would lose the quorum");
        works(Type.NUMBER, "max-learners", "1", "learners a cluster may have");
    }

    private void listen() {
        group = "Listen";
        works(Type.TEXT, "listen-peer-urls", "http://localhost:2380", "addresses for the other members");
        works(Type.TEXT, "listen-client-urls", "http://localhost:2379", "addresses for clients, gRPC and HTTP");
        works(
                Type.TEXT,
                "listen-client-http-urls",
                "",
                "addresses for HTTP alone; those for clients then serve gRPC alone");
        works(Type.TEXT, "listen-metrics-urls", "", "more addresses, for probes and metrics alone");
        works(Type.SWITCH, "socket-reuse-port", "false", "let several processes listen on one port");
        works(
                Type.SWITCH,
                "socket-reuse-address",
                "false",
                "listen on an address that is just being given up; always done");
        works(Type.SWITCH, "enable-grpc-gateway", "true", "serve the API as JSON over HTTP");
        works(Type.TEXT, "cors", "*", "origins that browsers may call from, as URLs");
        works(Type.TEXT, "host-whitelist", "*", "host names that HTTP requests may use");
    }

    private void raft() {
        group = "Raft";
        works(Type.COUNT, "heartbeat-interval", "100", "milliseconds between heartbeats");
        works(Type.COUNT, "election-timeout", "1000", "milliseconds without a leader until an election");
        idle(
                Type.SWITCH,
                "initial-election-tick-advance",
                "true",
                "shorten the first election after a start",
                "a member that starts waits a whole election time-out");
        idle(Type.SWITCH, "pre-vote", "true", "ask before an election whether it can be won", "it is always asked");
        // A flush costs more here than a snapshot mark does in etcd, and a replayed entry far less.
        works(Type.COUNT, "snapshot-count", "100000", "log entries after which the store is flushed");
        works(Type.COUNT, "snapshot-catchup-entries", "5000", "log entries kept for members that lag");
        idle(
                Type.DURATION,
                "raft-read-timeout",
                "5s",
                "silence after which a peer's connection is given up",
                "links between members ask each other for signs of life");
        idle(
                Type.DURATION,
                "raft-write-timeout",
                "5s",
                "the same for writing",
                "links between members ask each other for signs of life");
        idle(Type.COUNT, "max-wals", "5", "log files kept", "the log is cut as soon as nobody needs it");
        idle(Type.COUNT, "max-snapshots", "5", "snapshot files kept", "the store is its own snapshot");
    }

    private void storage() {
        group = "Storage";
        works(Type.NUMBER, "quota-backend-bytes", "0", "size of the store beyond which writes are refused (0: 2 GiB)");
        idle(
                Type.DURATION,
                "backend-batch-interval",
                "",
                "longest wait of a write for company",
                "writes are gathered for as long as a sync of the disk takes");
        idle(
                Type.NUMBER,
                "backend-batch-limit",
                "0",
                "most writes taken together",
                "writes are gathered for as long as a sync of the disk takes");
        idle(Type.TEXT, "backend-bbolt-freelist-type", "map", "how bbolt keeps its free pages", "bbolt is not used");
        works(Type.TEXT, "auto-compaction-mode", "periodic", "periodic or revision");
        works(Type.TEXT, "auto-compaction-retention", "0", "history kept by automatic compaction (0: all)");
        idle(
                Type.NUMBER,
                "compaction-batch-limit",
                "1000",
                "revisions that compaction removes at a time",
                "compaction goes by small steps between requests");
        idle(
                Type.DURATION,
                "compaction-sleep-interval",
                "10ms",
                "rest of compaction in between",
                "compaction goes by small steps between requests");
        idle(
                Type.COUNT,
                "bootstrap-defrag-threshold-megabytes",
                "0",
                "room that makes a start reclaim it",
                "space is reclaimed while the member runs");
        idle(
                Type.SWITCH,
                "memory-mlock",
                "false",
                "keep the store in memory",
                "the store is larger than memory may be");
        works(
                Type.SWITCH,
                "unsafe-no-fsync",
                "false",
                "acknowledge before the disk does: loses data when the power goes");
    }

    private void limits() {
        group = "Limits";
        works(Type.COUNT, "max-txn-ops", "128", "operations of one transaction");
        works(Type.COUNT, "max-request-bytes", "1572864", "bytes of one request");
        works(Type.COUNT, "max-concurrent-streams", "4294967295", "requests at a time of one connection");
        works(Type.DURATION, "grpc-keepalive-min-time", "5s", "a client that pings more often is cut off");
        works(Type.DURATION, "grpc-keepalive-interval", "2h", "silence after which a client is pinged");
        works(Type.DURATION, "grpc-keepalive-timeout", "20s", "wait for the answer before the connection is closed");
    }

    private void clientTls() {
        group = "Client TLS";
        works(Type.TEXT, "cert-file", "", "certificate for clients");
        works(Type.TEXT, "key-file", "", "its key");
        works(Type.TEXT, "trusted-ca-file", "", "authorities of the clients' certificates");
        works(Type.SWITCH, "client-cert-auth", "false", "ask clients for certificates");
        idle(Type.TEXT, "client-cert-file", "", "certificate of calls to oneself", "a member does not call itself");
        idle(Type.TEXT, "client-key-file", "", "its key", "a member does not call itself");
        works(Type.TEXT, "client-crl-file", "", "revoked certificates of clients");
        works(Type.LIST, "client-cert-allowed-hostname", "", "names that clients' certificates may carry");
        works(Type.SWITCH, "auto-tls", "false", "make the certificate for clients");
    }

    private void peerTls() {
        group = "Peer TLS";
        works(Type.TEXT, "peer-cert-file", "", "certificate for the other members");
        works(Type.TEXT, "peer-key-file", "", "its key");
        works(Type.TEXT, "peer-trusted-ca-file", "", "authorities of the members' certificates");
        works(Type.SWITCH, "peer-client-cert-auth", "false", "ask the other members for certificates");
        works(Type.LIST, "peer-cert-allowed-cn", "", "common names that members' certificates may carry");
        works(Type.LIST, "peer-cert-allowed-hostname", "", "names that members' certificates may carry");
        works(Type.SWITCH, "peer-auto-tls", "false", "make the certificate for the other members");
        works(Type.TEXT, "peer-crl-file", "", "revoked certificates of members");
        idle(
                Type.SWITCH,
                "peer-skip-client-san-verification",
                "false",
                "do not compare a member's address with its certificate",
                "it is never compared");
        works(Type.TEXT, "peer-client-cert-file", "", "certificate for calls to other members");
        works(Type.TEXT, "peer-client-key-file", "", "its key");
    }

    private void tls() {
        group = "TLS";
        works(Type.COUNT, "self-signed-cert-validity", "1", "years that a certificate made here holds");
        works(Type.LIST, "cipher-suites", "", "ciphers of TLS 1.2, separated by commas");
        works(Type.TEXT, "tls-min-version", "TLS1.2", "oldest version spoken, TLS1.2 or TLS1.3");
        works(Type.TEXT, "tls-max-version", "", "newest version spoken (default: any)");
    }

    private void auth() {
        group = "Auth";
        works(Type.TEXT, "auth-token", "simple", "simple, or jwt with its options");
        works(Type.COUNT, "auth-token-ttl", "300", "seconds that a simple token holds");
        works(Type.COUNT, "bcrypt-cost", "10", "work of one hash of a password");
    }

    private void observability() {
        group = "Observability";
        works(Type.TEXT, "logger", "zap", "the only one there is in etcd");
        works(Type.TEXT, "log-level", "info", "debug, info, warn, error, panic or fatal");
        works(Type.TEXT, "log-format", "json", "json or console");
        works(Type.LIST, "log-outputs", "default", "stderr, stdout or files, separated by commas");
        works(Type.SWITCH, "enable-log-rotation", "false", "start a new log file when one is large");
        works(Type.TEXT, "log-rotation-config-json", LogRotation.STANDARD, "when, and which old ones are kept");
        works(Type.TEXT, "metrics", "basic", "basic, or extensive to measure how long calls take");
        idle(
                Type.SWITCH,
                "enable-pprof",
                "false",
                "serve profiles of Go",
                "profiles are taken of Java with jcmd or the Flight Recorder");
        works(Type.DURATION, "warning-apply-duration", "100ms", "a request that takes longer to apply is logged");
        idle(
                Type.DURATION,
                "warning-unary-request-duration",
                "300ms",
                "a request that takes longer is logged",
                "requests are timed by --metrics=extensive, and not logged");
        works(Type.SWITCH, "enable-distributed-tracing", "false", "send traces");
        works(Type.TEXT, "distributed-tracing-address", "localhost:4317", "where to");
        works(Type.TEXT, "distributed-tracing-service-name", "etcd", "as whom");
        works(Type.TEXT, "distributed-tracing-instance-id", "", "as which one");
        works(Type.NUMBER, "distributed-tracing-sampling-rate", "0", "of how many in a million requests");
    }

    private void integrity() {
        group = "Integrity";
        works(Type.DURATION, "corrupt-check-time", "0s", "between comparisons of the members' data (0: none)");
        works(Type.DURATION, "compact-hash-check-time", "1m", "between comparisons of hashes after compaction");
        works(Type.DURATION, "watch-progress-notify-interval", "10m", "between progress notices of a silent watch");
        works(Type.DURATION, "downgrade-check-time", "5s", "between looks at a downgrade under way");
    }

    private void discovery() {
        group = "Discovery";
        refused(Type.TEXT, "discovery-token", "", "find the first members through a discovery service");
        refused(Type.TEXT, "discovery-endpoints", "", "the service");
        idle(Type.DURATION, "discovery-dial-timeout", "2s", "wait for its connection", "there is no discovery");
        idle(Type.DURATION, "discovery-request-timeout", "5s", "wait for its answer", "there is no discovery");
        idle(
                Type.DURATION,
                "discovery-keepalive-time",
                "2s",
                "silence after which it is pinged",
                "there is no discovery");
        idle(Type.DURATION, "discovery-keepalive-timeout", "6s", "wait for the answer", "there is no discovery");
        idle(Type.SWITCH, "discovery-insecure-transport", "true", "speak to it in the clear", "there is no discovery");
        idle(
                Type.SWITCH,
                "discovery-insecure-skip-tls-verify",
                "false",
                "trust any certificate of it",
                "there is no discovery");
        idle(Type.TEXT, "discovery-cert", "", "certificate for it", "there is no discovery");
        idle(Type.TEXT, "discovery-key", "", "its key", "there is no discovery");
        idle(Type.TEXT, "discovery-cacert", "", "authority of its certificate", "there is no discovery");
        idle(Type.TEXT, "discovery-user", "", "name and password for it", "there is no discovery");
        idle(Type.TEXT, "discovery-password", "", "password for it", "there is no discovery");
        idle(Type.TEXT, "discovery-fallback", "exit", "what to do when it fails", "there is no discovery");
        refused(Type.TEXT, "discovery-srv", "", "find the first members through DNS");
        idle(Type.TEXT, "discovery-srv-name", "", "suffix of the name asked for", "there is no discovery");
    }

    private void other() {
        group = "Other";
        works(Type.TEXT, "feature-gates", "", "experimental features, name=true|false,...");
        works(Type.TEXT, "config-file", "", "YAML file with all settings; other flags are ignored then");
        idle(Type.TEXT, "v2-deprecation", "write-only", "what becomes of data of version 2", "there are no such data");
    }

    private void works(Type type, String name, String standard, String about) {
        flags.add(new Flag(group, name, type, standard, Effect.WORKS, about, ""));
    }

    private void idle(Type type, String name, String standard, String about, String why) {
        flags.add(new Flag(group, name, type, standard, Effect.NONE, about, why));
    }

    private void refused(Type type, String name, String standard, String about) {
        flags.add(new Flag(group, name, type, standard, Effect.REFUSED, about, ""));
    }
}
