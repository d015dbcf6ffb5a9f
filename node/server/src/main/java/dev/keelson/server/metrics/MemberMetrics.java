package dev.keelson.server.metrics;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.StoreStatus;
import dev.keelson.engine.maintenance.RaisedAlarm;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.RaftStatus;
import dev.keelson.server.http.EtcdVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a member is and how far it has come, read off the engine when somebody asks. */
public final class MemberMetrics implements MetricSource {

    private static final String VERSION_PARTS = "(\\d+\\.\\d+)\\..*";

    /** etcd's feature gates of this version; 1 where what the gate stands for is done here. */
    private static final Map<Feature, Integer> FEATURES = new TreeMap<>(Map.ofEntries(
            Map.entry(new Feature("AllAlpha", "ALPHA"), 0),
            Map.entry(new Feature("AllBeta", "BETA"), 0),
            Map.entry(new Feature("CompactHashCheck", "ALPHA"), 0),
            Map.entry(new Feature("FastLeaseKeepAlive", "BETA"), 1),
            Map.entry(new Feature("InitialCorruptCheck", "ALPHA"), 0),
            Map.entry(new Feature("LeaseCheckpoint", "ALPHA"), 1),
            Map.entry(new Feature("LeaseCheckpointPersist", "ALPHA"), 1),
            Map.entry(new Feature("PriorityRequest", "ALPHA"), 0),
            Map.entry(new Feature("SetMemberLocalAddr", "ALPHA"), 0),
            Map.entry(new Feature("StopGRPCServiceOnDefrag", "ALPHA"), 0),
            Map.entry(new Feature("TxnModeWriteWithSharedBuffer", "BETA"), 1)));

    /** The revision of a store of users in which nothing was ever written. */
    private static final long AUTH_REVISION_OF_NONE = 1;

    private final NodeEngine engine;
    private final LeaderChanges leaders;
    private final long quotaBytes;

    private record Feature(String name, String stage) implements Comparable<Feature> {
        @Override
        public int compareTo(Feature other) {
            return name.compareTo(other.name);
        }
    }

    /** @param quotaBytes what the store may occupy */
    public MemberMetrics(NodeEngine engine, LeaderChanges leaders, long quotaBytes) {
        this.engine = engine;
        this.leaders = leaders;
        this.quotaBytes = quotaBytes;
    }

    @Override
    public void collect(Exposition out) {
        RaftStatus raft = engine.raftStatus();
        identity(raft, out);
        consensus(raft, out);
        store(engine.storeStatus(), out);
        peers(raft, out);
        alarms(out);
    }

    private void identity(RaftStatus raft, Exposition out) {
        info(
                out,
                "etcd_server_id",
                "1 for the id of this member.",
                Labels.of("server_id", Long.toHexString(raft.id())));
        info(
                out,
                "etcd_server_version",
                "1 for the version of etcd this member stands in for.",
                Labels.of("server_version", EtcdVersion.SERVER));
        String cluster = engine.clusterVersion();
        if (!cluster.isEmpty()) {
            info(
                    out,
                    "etcd_cluster_version",
                    "1 for the version the members agreed on.",
                    Labels.of("cluster_version", cluster.replaceFirst(VERSION_PARTS, "$1")));
        }
        var features =
                out.samples("etcd_server_feature_enabled", Exposition.Type.GAUGE, "1 for a feature that is in use.");
        FEATURES.forEach(
                (feature, on) -> features.add(Labels.of("name", feature.name(), "stage", feature.stage()), on));
    }

    private static void info(Exposition out, String name, String help, Labels labels) {
        out.samples(name, Exposition.Type.GAUGE, help).add(labels, 1);
    }

    private void consensus(RaftStatus raft, Exposition out) {
        out.gauge("etcd_server_has_leader", "1 when a leader is known.", raft.leader() != 0);
        out.gauge("etcd_server_is_leader", "1 when this member leads.", raft.leader() == raft.id());
        out.gauge(
                "etcd_server_is_learner",
                "1 when this member has no vote.",
                raft.confState().learners().contains(raft.id()));
        out.counter("etcd_server_leader_changes_seen_total", "Leaders that came after another.", leaders.count());
        out.counter("etcd_server_learner_promote_successes", "Learners that were given a vote by this member.", 0);
        out.gauge("etcd_server_proposals_committed_total", "The last committed index of the log.", raft.commit());
        out.gauge(
                "etcd_server_proposals_applied_total",
                "The last index of the log that was carried out.",
                engine.status().raftAppliedIndex());
        out.gauge("etcd_server_proposals_pending", "Writes that wait for the log.", engine.proposalsPending());
    }

    private void store(StoreStatus store, Exposition out) {
        out.gauge("etcd_server_quota_backend_bytes", "What the store may occupy.", quotaBytes);
        out.gauge("etcd_mvcc_db_total_size_in_bytes", "What the store occupies.", store.sizeBytes());
        out.gauge(
                "etcd_mvcc_db_total_size_in_use_in_bytes",
                "What of the store is live data and kept history.",
                store.sizeInUseBytes());
        out.gauge("etcd_mvcc_db_open_read_transactions", "Reads of the newest state under way.", store.openViews());
        out.gauge("etcd_debugging_mvcc_keys_total", "Keys that are live.", store.keys());
        out.gauge("etcd_debugging_mvcc_current_revision", "The revision of the last change.", store.revision());
        out.gauge(
                "etcd_debugging_mvcc_compact_revision",
                "The revision of the last compaction, -1 before the first.",
                store.compactRevision());
        out.gauge("etcd_debugging_auth_revision", "The revision of users and roles.", AUTH_REVISION_OF_NONE);
    }

    private void alarms(Exposition out) {
        List<RaisedAlarm> raised = engine.maintenance().alarms();
        if (!raised.isEmpty()) {
            var alarms = out.samples(
                    "etcd_debugging_server_alarms", Exposition.Type.GAUGE, "1 for an alarm that is raised.");
            raised.forEach(alarm -> alarms.add(
                    Labels.of("alarm_type", alarm.type().name(), "server_id", Long.toHexString(alarm.memberId())), 1));
        }
    }

    private void peers(RaftStatus raft, Exposition out) {
        var known = out.samples("etcd_network_known_peers", Exposition.Type.GAUGE, "1 for a member of the cluster.");
        engine.memberList(false, new Reply<List<Member>>() {
            @Override
            public void succeed(List<Member> members) {
                members.stream()
                        .map(member -> Long.toHexString(member.id()))
                        .sorted()
                        .forEach(id -> known.add(Labels.of("Local", Long.toHexString(raft.id()), "Remote", id), 1));
            }

            @Override
            public void fail(StoreException error) {
                throw error;
            }
        });
    }
}
