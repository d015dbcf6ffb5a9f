package dev.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is counted of one peer. */
class PeerMetricsTest {

    private static final long TERM = 4;

    private final PeerMetrics metrics = new PeerMetrics(0xa, 100);
    private final PeerMetrics.Peer peer = metrics.of(0xb);

    private String text() {
        var out = new Exposition();
        metrics.collect(out);
        return out.text();
    }

    private void heartbeat(long term, long millis) {
        peer.heartbeat(term, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void aHeartbeatIsLateWhenItComesAfterTwiceTheInterval() {
        heartbeat(TERM, 1_000);
        heartbeat(TERM, 1_200);
        heartbeat(TERM, 1_401);

        assertThat(text()).contains("etcd_server_heartbeat_send_failures_total 1\n");
    }

    @Test
    void theFirstHeartbeatOfALeaderIsNeverLate() {
        heartbeat(TERM, 1_000);
        heartbeat(TERM + 2, 9_000);

        assertThat(text()).contains("etcd_server_heartbeat_send_failures_total 0\n");
    }

    @Test
    void aPeerThatWasLostIsNoMoreActive() {
        peer.connected();
        peer.disconnected();

        assertThat(text())
                .contains("etcd_network_active_peers{Local=\"a\",Remote=\"b\"} 0\n")
                .contains("etcd_network_disconnected_peers_total{Local=\"a\",Remote=\"b\"} 1\n");
    }

    @Test
    void snapshotsCountByTheirEnd() {
        long first = peer.snapshotsOut().began();
        long second = peer.snapshotsOut().began();
        peer.snapshotsOut().ended(first, true);
        peer.snapshotsOut().ended(second, false);

        assertThat(text())
                .contains("etcd_network_snapshot_send_inflights_total{To=\"b\"} 0\n")
                .contains("etcd_network_snapshot_send_success{To=\"b\"} 1\n")
                .contains("etcd_network_snapshot_send_failures{To=\"b\"} 1\n")
                .contains("etcd_network_snapshot_send_total_duration_seconds_count{To=\"b\"} 1\n");
    }
}
