package dev.keelson.engine;

import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.mvcc.watch.WatchLimits;
import java.util.List;

/**
 * What a node is told at its start and never changes.
 *
 * @param memberId this member
 * @param clusterId the cluster it belongs to
 * @param name the name it publishes
 * @param clientUrls the client URLs it publishes
 * @param initialMembers the members a new cluster starts with; used only while the log is empty
 * @param clusterVersion the version the leader proposes for the cluster while none is agreed on
 * @param timing when things are due, in ticks
 * @param log how much of the log stays
 * @param reconfiguration what changes of the membership are allowed
 * @param maintenance how it looks after itself and the cluster
 * @param watch the bounds of what is kept for watchers and told to them at a time
 * @param requestBytesMax largest encoded write, in bytes
 * @param firstRequestId where the ids of this incarnation's requests begin; drawn at random, so that an entry of an
 *     earlier life is not taken for the answer to a request of this one
 */
public record EngineConfig(
        long memberId,
        long clusterId,
        String name,
        List<String> clientUrls,
        List<Member> initialMembers,
        String clusterVersion,
        Timing timing,
        LogRetention log,
        Reconfiguration reconfiguration,
        MaintenanceConfig maintenance,
        WatchLimits watch,
        long requestBytesMax,
        long firstRequestId) {

    /**
     * @param tickMillis what lies between two ticks; leases are measured in time, not in ticks
     * @param electionTicks ticks without a leader before an election
     * @param heartbeatTicks ticks between heartbeats
     * @param requestTicks ticks after which a request times out
     * @param progressTicks ticks after which a watcher that wants it is told that there was nothing to tell
     * @param leaseCheckpointMillis the part of a lease's life after which what is left of it is noted down for the next
     *     leader
     */
    public record Timing(
            long tickMillis,
            int electionTicks,
            int heartbeatTicks,
            long requestTicks,
            long progressTicks,
            long leaseCheckpointMillis) {

        public long electionMillis() {
            return tickMillis * electionTicks;
        }
    }

    /**
     * @param replayEntriesMax entries after the durable applied index that force a flush
     * @param catchUpEntries entries kept behind it for members that lag
     */
    public record LogRetention(long replayEntriesMax, long catchUpEntries) {}

    /**
     * @param strict refuse what could leave the cluster without a quorum of started and connected members
     * @param learnersMax learners there may be at a time
     */
    public record Reconfiguration(boolean strict, int learnersMax) {

        /** As etcd does without flags. */
        public static final Reconfiguration DEFAULT = new Reconfiguration(true, 1);
    }
}
