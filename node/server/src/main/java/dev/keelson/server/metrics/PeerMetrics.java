package dev.keelson.server.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what this member and its peers tell each other.
 *
 * <p>Peers are members that have proved who they are, so their number is bounded by the cluster's history.
 *
 * <p>Thread rule: any thread.
 */
public final class PeerMetrics implements MetricSource {

    private final Map<String, Peer> peers = new ConcurrentHashMap<>();
    private final LongAdder lateHeartbeats = new LongAdder();
    private final String self;
    private final long heartbeatGapNanosMax;

    /**
     * @param self this member
     * @param heartbeatMillis what should lie between two heartbeats
     */
    public PeerMetrics(long self, long heartbeatMillis) {
        this.self = Long.toHexString(self);
        this.heartbeatGapNanosMax = 2 * TimeUnit.MILLISECONDS.toNanos(heartbeatMillis);
    }

    /** The figures of one peer, the same each time. */
    public Peer of(long peer) {
        return peers.computeIfAbsent(Long.toHexString(peer), _ -> new Peer());
    }

    /** The figures of one peer. */
    public final class Peer {

        private final LongAdder sentBytes = new LongAdder();
        private final LongAdder receivedBytes = new LongAdder();
        private final LongAdder sentFailures = new LongAdder();
        private final LongAdder receivedFailures = new LongAdder();
        private final LongAdder disconnects = new LongAdder();
        private final Histogram roundTrips = Histogram.ofSeconds(0.0001, 16);
        private final SnapshotCounts snapshotsOut = new SnapshotCounts();
        private final SnapshotCounts snapshotsIn = new SnapshotCounts();
        private volatile boolean connected;
        private volatile boolean everConnected;
        private long heartbeatTerm;
        private long heartbeatNanos;

        private Peer() {}

        public void sent(long bytes) {
            sentBytes.add(bytes);
        }

        public void received(long bytes) {
            receivedBytes.add(bytes);
        }

        /** A message to it was dropped. */
        public void sendFailed() {
            sentFailures.increment();
        }

        /** What came from it could not be used. */
        public void receiveFailed() {
            receivedFailures.increment();
        }

        public void roundTrip(long nanos) {
            roundTrips.record(nanos);
        }

        public void connected() {
            connected = true;
            everConnected = true;
        }

        public void disconnected() {
            connected = false;
            disconnects.increment();
        }

        /**
         * A leader sends it a heartbeat, on the one thread that does. One that comes much later than the one before in the
         * same term shows a member that cannot keep up, most often with its disk.
         */
        public void heartbeat(long term, long nowNanos) {
            if (term == heartbeatTerm && nowNanos - heartbeatNanos > heartbeatGapNanosMax) {
                lateHeartbeats.increment();
            }
            heartbeatTerm = term;
            heartbeatNanos = nowNanos;
        }

        /** Snapshots sent to it. */
        public SnapshotCounts snapshotsOut() {
            return snapshotsOut;
        }

        /** Snapshots it sent. */
        public SnapshotCounts snapshotsIn() {
            return snapshotsIn;
        }
    }

    @Override
    public void collect(Exposition out) {
        out.counter(
                "etcd_server_heartbeat_send_failures_total",
                "Heartbeats that this leader sent much too late.",
                lateHeartbeats);
        new TreeMap<>(peers).forEach((id, peer) -> collect(id, peer, out));
    }

    private void collect(String id, Peer peer, Exposition out) {
        Labels both = Labels.of("Local", self, "Remote", id);
        if (peer.everConnected) {
            out.samples("etcd_network_active_peers", Exposition.Type.GAUGE, "1 for a peer that messages flow to.")
                    .add(both, peer.connected ? 1 : 0);
        }
        addUsed(out, "etcd_network_disconnected_peers_total", "How often a peer was lost.", both, peer.disconnects);
        Labels to = Labels.of("To", id);
        addUsed(out, "etcd_network_peer_sent_bytes_total", "Bytes sent to a peer.", to, peer.sentBytes);
        addUsed(
                out,
                "etcd_network_peer_sent_failures_total",
                "Messages to a peer that were dropped.",
                to,
                peer.sentFailures);
        Labels from = Labels.of("From", id);
        addUsed(out, "etcd_network_peer_received_bytes_total", "Bytes received from a peer.", from, peer.receivedBytes);
        addUsed(
                out,
                "etcd_network_peer_received_failures_total",
                "Streams of a peer that ended because of what came.",
                from,
                peer.receivedFailures);
        if (!peer.roundTrips.isEmpty()) {
            out.samples(
                            "etcd_network_peer_round_trip_time_seconds",
                            Exposition.Type.HISTOGRAM,
                            "How long a peer took to answer a ping on the stream of messages.")
                    .add(to, peer.roundTrips);
        }
        peer.snapshotsOut.collect("etcd_network_snapshot_send", to, out);
        peer.snapshotsIn.collect("etcd_network_snapshot_receive", from, out);
    }

    private static void addUsed(Exposition out, String name, String help, Labels labels, LongAdder count) {
        if (count.sum() > 0) {
            out.samples(name, Exposition.Type.COUNTER, help).add(labels, count.sum());
        }
    }
}
