package dev.keelson.operator.execute;

import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.TlsSpec;
import dev.keelson.operator.api.UpdatesSpec;
import dev.keelson.operator.dependent.Amounts;
import dev.keelson.operator.dependent.ServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a specification, each with what to change. The schema refuses most of it already; what is here needs to
 * know more, or guards against a schema that was not installed.
 */
final class SpecProblems {
    /** Below this etcd refuses to start: a leader must miss several heartbeats before it is doubted. */
    private static final int ELECTION_HEARTBEATS_MIN = 5;

    private static final Duration ELECTION_MAX = Duration.ofSeconds(50);

    private SpecProblems() {}

    static List<String> of(ClusterSpec spec, @Nullable ClusterSpec accepted, @Nullable String running, String version) {
        List<String> problems = new ArrayList<>();
        if (spec.members() < 1 || spec.members() > ClusterSpec.MOST_MEMBERS) {
            problems.add("members must be 1 to " + ClusterSpec.MOST_MEMBERS);
        }
        Duration heartbeat = Amounts.duration(spec.server().heartbeatInterval());
        Duration election = Amounts.duration(spec.server().electionTimeout());
        if (election.compareTo(heartbeat.multipliedBy(ELECTION_HEARTBEATS_MIN)) < 0) {
            problems.add("server.electionTimeout must be at least " + ELECTION_HEARTBEATS_MIN
                    + " times server.heartbeatInterval");
        }
        if (election.compareTo(ELECTION_MAX) > 0) {
            problems.add("server.electionTimeout must be at most " + ELECTION_MAX.toSeconds() + "s");
        }
        spec.server().extraOptions().keySet().stream()
                .filter(ServerOptions::isOwned)
                .sorted()
                .forEach(flag -> problems.add("server.extraOptions: " + flag + " is set by the operator; remove it"));
        UpdatesSpec updates = spec.updates();
        updates.maintenanceWindows().stream()
                .map(MaintenanceWindows::problem)
                .filter(Objects::nonNull)
                .forEach(problems::add);
        needs(spec, problems);
        if (accepted != null) {
            transitions(spec, accepted, problems);
        }
        String path = running == null ? null : VersionPath.problem(running, version);
        if (path != null) {
            problems.add(path);
        }
        return problems;
    }

    /** What one field cannot do without another. */
    private static void needs(ClusterSpec spec, List<String> problems) {
        TlsSpec tls = spec.tls();
        if (tls.mode() == TlsSpec.Mode.Secrets && (tls.memberSecret() == null || tls.clientSecret() == null)) {
            problems.add("tls.mode Secrets needs tls.memberSecret and tls.clientSecret");
        }
        if (tls.mode() == TlsSpec.Mode.CertManager && tls.issuerRef() == null) {
            problems.add("tls.mode CertManager needs tls.issuerRef");
        }
        if (spec.auth().enabled() && spec.auth().rootPasswordSecret() == null) {
            problems.add("auth.enabled needs auth.rootPasswordSecret");
        }
    }

    private static void transitions(ClusterSpec spec, ClusterSpec accepted, List<String> problems) {
        if (spec.tls().mode() != accepted.tls().mode()) {
            problems.add("tls.mode cannot change in a cluster that runs; set it back to "
                    + accepted.tls().mode());
        }
        String wanted = spec.storage().storageClassName();
        String kept = accepted.storage().storageClassName();
        if (!Objects.equals(wanted, kept)) {
            problems.add("storage.storageClassName cannot change; set it back to " + kept);
        }
        if (Amounts.bytes(spec.storage().size())
                < Amounts.bytes(accepted.storage().size())) {
            problems.add(
                    "storage.size cannot shrink; it was " + accepted.storage().size());
        }
    }
}
