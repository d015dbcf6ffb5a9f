package dev.keelson.server.config;

import dev.keelson.engine.EngineConfig.Reconfiguration;
import dev.keelson.engine.Member;
import dev.keelson.server.http.AccessRules;
import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.PortLimits;
import dev.keelson.server.port.Traffic;
import dev.keelson.server.tracing.TracingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the flags of a member against each other and computes what follows from them. */
final class MemberFlags {

    private static final String HTTP_ONLY = "listen-client-http-urls";
    private static final long DEFAULT_FLUSH_ENTRIES = 100_000;
    private static final long DEFAULT_CATCH_UP_ENTRIES = 5_000;
    private static final long STREAMS_MAX = (1L << 32) - 1;
    private static final List<String> STAGES =
            List.of("write-only", "write-only-skip-check", "write-only-drop-data", "gone");
    private static final long ELECTION_MILLIS_MAX = 50_000;
    private static final long PROGRESS_MILLIS_MIN = 100;
    private static final int HEARTBEATS_PER_ELECTION_MIN = 5;
    private static final int SAMPLES_PER_MILLION_MAX = 1_000_000;

    private final FlagValues flags;
    private final List<String> warnings;
    private final String name;

    /** @param warnings takes what is worth knowing about them */
    MemberFlags(FlagValues flags, List<String> warnings) {
        this.flags = flags;
        this.warnings = warnings;
        this.name = flags.text("name");
    }

    MemberConfig toConfig() {
        checkSupported();
        FeatureGate.Gates gates = FeatureGate.parse(flags);
        warnings.addAll(gates.warnings());
        Map<String, List<String>> cluster = initialCluster();
        String token = flags.text("initial-cluster-token");
        var members = new ArrayList<Member>();
        cluster.forEach((memberName, urls) ->
                members.add(new Member(ClusterIds.member(urls, token), "", urls, List.of(), false)));
        List<String> ownUrls = Objects.requireNonNull(cluster.get(name));
        Member self = new Member(
                ClusterIds.member(ownUrls, token),
                name,
                ownUrls,
                Urls.parseAdvertised(flags, "advertise-client-urls"),
                false);
        MemberConfig.Addresses addresses = addresses();
        return new MemberConfig(
                ClusterIds.cluster(members.stream().map(Member::id).toList()),
                self,
                members,
                membership(),
                new MemberConfig.Directories(dataDirectory(), logDirectory()),
                addresses,
                new TlsFlags(flags, addresses, dataDirectory(), warnings).toConfig(),
                timing(),
                limits(),
                new AuthFlags(flags, warnings).toConfig(),
                new MaintenanceFlags(flags, gates, warnings).toConfig(),
                web(),
                observation());
    }

    private void checkSupported() {
        checkBygones();
        for (Flag flag : flags.changed(Flag.Effect.REFUSED)) {
            throw new FlagException("--" + flag.name() + "=" + flags.text(flag.name())
                    + ": not available in this version; leave the flag out");
        }
        checkState(flags.text("initial-cluster-state"));
        if (flags.isGiven("listen-client-urls") && !flags.isGiven("advertise-client-urls") && !flags.isFromFile()) {
            throw new FlagException("--advertise-client-urls is required when --listen-client-urls is set explicitly");
        }
        if (name.isEmpty()) {
            throw new FlagException("--name is empty; give every member a name of its own");
        }
    }

    /** Flags whose values are looked at though they do nothing. */
    private void checkBygones() {
        String fallback = flags.text("discovery-fallback");
        if (!fallback.equals("exit")) {
            throw new FlagException("--discovery-fallback=" + fallback + ": there is no proxy to fall back to; leave"
                    + " the flag out");
        }
        String stage = flags.text("v2-deprecation");
        if (!STAGES.contains(stage)) {
            throw FlagException.syntax(
                    "invalid value \"" + stage + "\" for --v2-deprecation: give one of " + String.join(", ", STAGES));
        }
    }

    private void checkState(String state) {
        if (!state.equals("new") && !state.equals("existing")) {
            throw FlagException.syntax(
                    "invalid value \"" + state + "\" for --initial-cluster-state: give new or existing");
        }
    }

    private MemberConfig.Membership membership() {
        boolean strict = flags.isOn("strict-reconfig-check");
        long learners = flags.number("max-learners");
        if (learners < 0) {
            throw new FlagException("--max-learners=" + learners + ": there cannot be fewer than none; give 0 or more");
        }
        return new MemberConfig.Membership(
                flags.text("initial-cluster-state").equals("existing"),
                flags.isOn("force-new-cluster"),
                new Reconfiguration(strict, (int) Math.min(learners, Integer.MAX_VALUE)));
    }

    private Map<String, List<String>> initialCluster() {
        List<String> advertised = Urls.parseAdvertised(flags, "initial-advertise-peer-urls");
        String given = flags.text("initial-cluster");
        if (given.isEmpty()) {
            return Map.of(name, advertised);
        }
        var cluster = new LinkedHashMap<String, List<String>>();
        var owners = new LinkedHashMap<String, String>();
        for (String pair : given.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new FlagException("--initial-cluster=" + given + ": \"" + pair + "\" is not name=URL");
            }
            String member = pair.substring(0, equals).strip();
            String url =
                    Urls.check("initial-cluster", pair.substring(equals + 1).strip());
            String owner = owners.putIfAbsent(url, member);
            if (owner != null) {
                throw new FlagException("--initial-cluster=" + given + ": " + url + " is given twice, for " + owner
                        + " and for " + member);
            }
            cluster.computeIfAbsent(member, _ -> new ArrayList<>()).add(url);
        }
        List<String> own = cluster.get(name);
        if (own == null) {
            throw new FlagException("--initial-cluster=" + given + ": couldn't find local name \"" + name
                    + "\" in the initial cluster configuration; check --name");
        }
        if (!own.stream().sorted().toList().equals(advertised.stream().sorted().toList())) {
            throw new FlagException("--initial-cluster has " + name + "=" + String.join(",", own)
                    + " but --initial-advertise-peer-urls is " + String.join(",", advertised)
                    + "; they must be equal");
        }
        return cluster;
    }

    private Path dataDirectory() {
        String given = flags.text("data-dir");
        return Path.of(given.isEmpty() ? name + ".etcd" : given);
    }

    private @Nullable Path logDirectory() {
        String given = flags.text("wal-dir");
        return given.isEmpty() ? null : Path.of(given);
    }

    private MemberConfig.Addresses addresses() {
        boolean apart = !flags.text(HTTP_ONLY).isEmpty();
        var clients = new ArrayList<>(listen("listen-client-urls", apart ? Traffic.GRPC : Traffic.GRPC_AND_HTTP));
        clients.addAll(listenWhereGiven(HTTP_ONLY));
        List<ListenAddress> peers = listen("listen-peer-urls", Traffic.GRPC_AND_HTTP);
        List<ListenAddress> metrics = listenWhereGiven("listen-metrics-urls");
        List<ListenAddress> merged = merged(clients);
        checkDistinct(Stream.of(merged, peers, metrics).flatMap(List::stream));
        return new MemberConfig.Addresses(merged, peers, metrics, flags.isOn("socket-reuse-port"));
    }

    private List<ListenAddress> listenWhereGiven(String flag) {
        return flags.text(flag).isEmpty() ? List.of() : listen(flag, Traffic.HTTP);
    }

    /** One address may serve clients both in the clear and under TLS, and is then given twice. */
    private static List<ListenAddress> merged(List<ListenAddress> addresses) {
        var merged = new ArrayList<ListenAddress>();
        for (ListenAddress each : addresses) {
            ListenAddress last = merged.stream()
                    .filter(other -> each.port() != 0
                            && other.toString().equals(each.toString())
                            && other.security() != each.security())
                    .findFirst()
                    .orElse(null);
            if (last == null) {
                merged.add(each);
            } else {
                merged.set(merged.indexOf(last), last.securedBy(last.security().and(each.security())));
            }
        }
        return merged;
    }

    private static void checkDistinct(Stream<ListenAddress> addresses) {
        var taken = new HashMap<String, String>();
        addresses.filter(address -> address.port() != 0).forEach(address -> {
            String other = taken.putIfAbsent(address.toString(), address.flag());
            if (other != null) {
                throw new FlagException("--" + address.flag() + ": " + address + " is given twice"
                        + (other.equals(address.flag()) ? "" : ", in --" + other + " too")
                        + "; every address needs a port of its own");
            }
        });
    }

    private List<ListenAddress> listen(String flag, Traffic traffic) {
        return Urls.parse(flags, flag).stream()
                .map(url -> ListenAddress.of(flag, Urls.listenable(flag, url)).serving(traffic))
                .toList();
    }

    private MemberConfig.Timing timing() {
        long heartbeat = positive("heartbeat-interval");
        long election = positive("election-timeout");
        if (election < HEARTBEATS_PER_ELECTION_MIN * heartbeat) {
            throw new FlagException("--election-timeout[" + election + "ms] should be at least as "
                    + HEARTBEATS_PER_ELECTION_MIN + " times as --heartbeat-interval[" + heartbeat
                    + "ms]; raise the one or lower the other");
        }
        if (election > ELECTION_MILLIS_MAX) {
            throw new FlagException("--election-timeout[" + election + "ms] is too long, and should be set less than "
                    + ELECTION_MILLIS_MAX + "ms");
        }
        long progress = Math.max(PROGRESS_MILLIS_MIN, flags.millis("watch-progress-notify-interval"));
        return new MemberConfig.Timing(heartbeat, (int) (election / heartbeat), progress);
    }

    private MemberConfig.Limits limits() {
        long streams = flags.number("max-concurrent-streams");
        if (streams > STREAMS_MAX) {
            throw FlagException.syntax(
                    "invalid value \"" + streams + "\" for --max-concurrent-streams: give at most " + STREAMS_MAX);
        }
        PortLimits standard = PortLimits.defaults();
        var port = new PortLimits(
                (int) Math.min(Integer.MAX_VALUE >> 1, positive("max-request-bytes")),
                streams == 0 ? standard.streamsMax() : (int) Math.min(standard.streamsMax(), streams),
                positiveOr("grpc-keepalive-min-time", standard.pingIntervalMillisMin()),
                positiveOr("grpc-keepalive-interval", standard.keepAliveMillis()),
                positiveOr("grpc-keepalive-timeout", standard.keepAliveTimeoutMillis()));
        return new MemberConfig.Limits(
                port,
                (int) Math.min(Integer.MAX_VALUE, flags.number("max-txn-ops")),
                positiveOr("snapshot-count", DEFAULT_FLUSH_ENTRIES),
                positiveOr("snapshot-catchup-entries", DEFAULT_CATCH_UP_ENTRIES),
                !flags.isOn("unsafe-no-fsync"));
    }

    /** Values that etcd takes for "as usual" are no others than what is usual. */
    private long positiveOr(String flag, long standard) {
        long value = flags.number(flag);
        return value <= 0 ? standard : value;
    }

    private MemberConfig.Observation observation() {
        String metrics = flags.text("metrics");
        if (!metrics.equals("basic") && !metrics.equals("extensive")) {
            warnings.add("--metrics=" + metrics + " is neither basic nor extensive, and taken for basic");
        }
        return new MemberConfig.Observation(
                metrics.equals("extensive"), flags.millis("warning-apply-duration"), tracing(), flags.words());
    }

    private @Nullable TracingConfig tracing() {
        long rate = flags.number("distributed-tracing-sampling-rate");
        if (flags.isOn("enable-distributed-tracing") && (rate < 0 || rate > SAMPLES_PER_MILLION_MAX)) {
            throw new FlagException("--distributed-tracing-sampling-rate=" + rate
                    + ": it is a number of calls in a million; give 0 to " + SAMPLES_PER_MILLION_MAX);
        }
        if (!flags.isOn("enable-distributed-tracing")) {
            return null;
        }
        return new TracingConfig(
                flags.text("distributed-tracing-address"),
                flags.text("distributed-tracing-service-name"),
                flags.text("distributed-tracing-instance-id"),
                (int) rate);
    }

    private MemberConfig.Web web() {
        String cors = flags.text("cors");
        Set<String> origins = cors.equals("*") ? Set.of(cors) : Urls.origins("cors", cors);
        Set<String> hosts =
                new TreeSet<>(Arrays.asList(flags.text("host-whitelist").split(",", -1)));
        return new MemberConfig.Web(flags.isOn("enable-grpc-gateway"), new AccessRules(origins, hosts));
    }

    private long positive(String flag) {
        long value = flags.number(flag);
        if (value <= 0) {
            throw new FlagException("--" + flag + "=" + value + ": must be more than 0");
        }
        return value;
    }
}
