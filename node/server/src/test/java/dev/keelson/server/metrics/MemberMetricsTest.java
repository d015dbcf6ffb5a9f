package dev.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a member that serves alone: what they come to after known requests. */
class MemberMetricsTest {

    private static ObservedCluster cluster;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        cluster = new ObservedCluster(directory, 1);
        cluster.sendRequests(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static double value(String sample) throws Exception {
        return cluster.value(0, sample);
    }

    @Test
    void operationsCountOneByOneAndRefusedOnesNot() throws Exception {
        assertThat(value("etcd_mvcc_put_total")).isEqualTo(3);
        assertThat(value("etcd_mvcc_delete_total")).isEqualTo(1);
        assertThat(value("etcd_mvcc_txn_total")).isEqualTo(1);
        assertThat(value("etcd_debugging_mvcc_keys_total")).isEqualTo(2);
        assertThat(value("etcd_debugging_mvcc_total_put_size_in_bytes")).isEqualTo(8 + 10 + 12);
    }

    @Test
    void callsCountByTheCodeTheyEndWith() throws Exception {
        String put = "grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"}";

        assertThat(value("grpc_server_started_total{" + put)).isEqualTo(3);
        assertThat(value("grpc_server_handled_total{grpc_code=\"OK\"," + put)).isEqualTo(2);
        assertThat(value("grpc_server_handled_total{grpc_code=\"NotFound\"," + put))
                .isEqualTo(1);
        assertThat(value("grpc_server_msg_received_total{" + put)).isEqualTo(3);
        assertThat(value("grpc_server_msg_sent_total{" + put)).isEqualTo(2);
        assertThat(value("grpc_server_handling_seconds_count{" + put)).isEqualTo(3);
    }

    @Test
    void watchesCountThoughTheirAnswersLeavePastGrpc() throws Exception {
        String watch = "{grpc_method=\"Watch\",grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"}";

        assertThat(value("grpc_server_msg_sent_total" + watch)).isEqualTo(2);
        assertThat(value("etcd_debugging_mvcc_events_total")).isEqualTo(1);
        assertThat(value("etcd_debugging_server_watch_send_loop_watch_stream_duration_seconds_count"))
                .isEqualTo(1);
        assertThat(value("etcd_debugging_server_watch_send_loop_control_stream_duration_seconds_count"))
                .isEqualTo(1);
    }

    @Test
    void leasesCount() throws Exception {
        assertThat(value("etcd_debugging_lease_granted_total")).isEqualTo(1);
        assertThat(value("etcd_debugging_lease_revoked_total")).isEqualTo(1);
        assertThat(value("etcd_debugging_lease_ttl_total_sum")).isEqualTo(100);
    }

    @Test
    void theLogAndItsPositionShow() throws Exception {
        assertThat(value("etcd_server_has_leader")).isEqualTo(1);
        assertThat(value("etcd_server_is_leader")).isEqualTo(1);
        assertThat(value("etcd_server_leader_changes_seen_total")).isEqualTo(1);
        assertThat(value("etcd_server_proposals_applied_total"))
                .isEqualTo(value("etcd_server_proposals_committed_total"));
        assertThat(value("etcd_server_proposals_pending")).isZero();
        assertThat(value("etcd_disk_wal_fsync_duration_seconds_count")).isPositive();
        assertThat(value("etcd_disk_wal_write_bytes_total")).isPositive();
        assertThat(value("etcd_disk_backend_commit_duration_seconds_count")).isPositive();
    }

    @Test
    void compactionShows() throws Exception {
        assertThat(value("etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count"))
                .isEqualTo(1);
        assertThat(value("etcd_debugging_mvcc_compact_revision")).isEqualTo(2);
        assertThat(value("etcd_debugging_mvcc_db_compaction_last")).isPositive();
    }

    @Test
    void probesCount() throws Exception {
        String passed = "etcd_server_healthchecks_total{name=\"linearizable_read\",status=\"success\",type=\"readyz\"}";
        double healthyBefore = value("etcd_server_health_success");
        double passedBefore = value(passed);

        cluster.get(cluster.port(0), "/health");
        cluster.get(cluster.port(0), "/readyz");

        assertThat(value("etcd_server_health_success")).isEqualTo(healthyBefore + 1);
        assertThat(value("etcd_server_health_failures")).isZero();
        assertThat(value(passed)).isEqualTo(passedBefore + 1);
        assertThat(value("etcd_server_healthcheck{name=\"linearizable_read\",type=\"readyz\"}"))
                .isEqualTo(1);
    }

    @Test
    void aPortForMetricsServesThemAndProbesAndNothingElse() throws Exception {
        int port = cluster.metricsPort(0);

        assertThat(cluster.get(port, "/metrics").body()).contains("etcd_server_has_leader 1");
        assertThat(cluster.get(port, "/metrics").headers().firstValue("content-type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        for (String path : new String[] {"/health", "/livez", "/readyz", "/livez/serializable_read"}) {
            assertThat(cluster.get(port, path).statusCode()).as(path).isEqualTo(200);
        }
        for (String path : new String[] {"/", "/version", "/debug/vars", "/v3/kv/range"}) {
            assertThat(cluster.get(port, path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void variablesShowHowTheProcessWasStartedAndWhereItStands() throws Exception {
        String variables = cluster.get(cluster.port(0), "/debug/vars").body();

        assertThat(variables)
                .contains("\"cmdline\":[\"keelson\",\"--name\",\"m0\"]")
                .contains("\"HeapAlloc\":")
                .contains("\"raft.status\": {\"id\":\"1\",")
                .contains("\"raftState\":\"StateLeader\"")
                .contains("\"progress\":{\"1\":{\"match\":");
    }
}
