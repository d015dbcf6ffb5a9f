package dev.keelson.server.member;

import dev.keelson.engine.EngineConfig.Reconfiguration;
import dev.keelson.engine.Member;
import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.server.auth.AuthConfig;
import dev.keelson.server.http.AccessRules;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.PortLimits;
import dev.keelson.server.tls.TlsConfig;
import dev.keelson.server.tracing.TracingConfig;
import dev.keelson.storage.Identity;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a running member is told, checked and computed from its flags.
 *
 * @param self its own entry in {@code initialMembers}, with the client URLs it will publish
 * @param initialMembers the members a new cluster starts with
 * @param membership how it comes to be a member, and what it lets clients change
 * @param directories where everything is kept
 * @param addresses where it listens
 * @param tls how it speaks where it does not speak in the clear
 * @param timing how long things take
 * @param limits bounds of requests and of the log
 * @param auth how it finds out who calls it
 * @param maintenance how it looks after itself and the cluster
 * @param web what is served over HTTP, and to whom
 * @param observation what it tells of itself
 */
public record MemberConfig(
        long clusterId,
        Member self,
        List<Member> initialMembers,
        Membership membership,
        Directories directories,
        Addresses addresses,
        Tls tls,
        Timing timing,
        Limits limits,
        AuthConfig auth,
        MaintenanceConfig maintenance,
        Web web,
        Observation observation) {

    /**
     * @param joins whether a member without data joins a cluster that runs, instead of founding one with the others
     * @param alone whether a member with data goes on without the others, which are members no more
     * @param reconfiguration what changes of the membership it lets clients make
     */
    public record Membership(boolean joins, boolean alone, Reconfiguration reconfiguration) {

        /** The values of etcd's flags when none is given. */
        public static final Membership FOUNDING = new Membership(false, false, Reconfiguration.DEFAULT);
    }

    /**
     * @param data what the member calls its own
     * @param log where the log lies, null for a place in {@code data}
     */
    public record Directories(Path data, @Nullable Path log) {

        /** All in one. */
        public Directories(Path data) {
            this(data, null);
        }
    }

    public Path dataDirectory() {
        return directories.data();
    }

    /** The same for a member that turned out to be another than its flags say; it founds nothing. */
    MemberConfig as(Identity identity) {
        var found = new Member(identity.memberId(), self.name(), self.peerUrls(), self.clientUrls(), false);
        return new MemberConfig(
                identity.clusterId(),
                found,
                List.of(),
                membership,
                directories,
                addresses,
                tls,
                timing,
                limits,
                auth,
                maintenance,
                web,
                observation);
    }

    /**
     * @param gateway whether the services are served as JSON
     * @param rules who may ask
     */
    public record Web(boolean gateway, AccessRules rules) {

        /** The values of etcd's flags when none is given. */
        public static final Web OPEN = new Web(true, AccessRules.OPEN);
    }

    /**
     * @param client for clients, null where no address has use for it
     * @param peer for the other members, in both directions
     */
    public record Tls(@Nullable TlsConfig client, @Nullable TlsConfig peer) {

        /** Everything in the clear. */
        public static final Tls NONE = new Tls(null, null);
    }

    /**
     * The sockets of a member.
     *
     * @param shared whether other processes may listen on the same ports
     */
    public record Addresses(
            List<ListenAddress> client, List<ListenAddress> peer, List<ListenAddress> metrics, boolean shared) {

        /** For itself. */
        public Addresses(List<ListenAddress> client, List<ListenAddress> peer, List<ListenAddress> metrics) {
            this(client, peer, metrics, false);
        }
    }

    /**
     * @param extensive measure calls one by one as well
     * @param slowApplyMillis a command that takes longer to carry out is reported
     * @param tracing where spans go, null for nowhere
     * @param commandLine the words the process was started with
     */
    public record Observation(
            boolean extensive,
            long slowApplyMillis,
            @Nullable TracingConfig tracing,
            List<String> commandLine) {}

    /**
     * @param tickMillis length of a tick, the heartbeat interval
     * @param electionTicks ticks without a leader before an election
     * @param progressMillis between two notices of progress to a watch that hears of nothing else
     */
    public record Timing(long tickMillis, int electionTicks, long progressMillis) {

        /** What etcd adds to two election time-outs to get the time-out of a request. */
        private static final long REQUEST_MILLIS = 5_000;

        long requestTicks() {
            return (REQUEST_MILLIS + 2 * electionTicks * tickMillis) / tickMillis;
        }

        long progressTicks() {
            return Math.ceilDiv(progressMillis, tickMillis);
        }
    }

    /**
     * @param port bounds of the client port
     * @param txnOpsMax operations of one transaction
     * @param replayEntriesMax log entries after which the store is flushed
     * @param catchUpEntries log entries kept for members that lag
     * @param syncs false gives up durability for speed, for tests of others
     */
    public record Limits(PortLimits port, int txnOpsMax, long replayEntriesMax, long catchUpEntries, boolean syncs) {}
}
