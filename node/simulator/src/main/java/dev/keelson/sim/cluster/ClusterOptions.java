package dev.keelson.sim.cluster;

import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.mvcc.watch.WatchLimits;
import dev.keelson.sim.disk.DiskFaults;
import dev.keelson.sim.network.Network;

/**
 * How a simulated cluster is built.
 *
 * @param size members at the start
 * @param electionTicks ticks without a leader before an election
 * @param replayEntriesMax entries after the durable applied index that force a flush
 * @param catchUpEntries entries kept behind it for members that lag
 * @param segmentBytes size of a segment of the log
 * @param leaseCheckpointMillis after which part of a lease's life what is left of it is noted down
 * @param maintenance how members look after themselves and the cluster
 * @param watch the bounds of what a member keeps for watchers
 * @param unsyncedLossChance how often a crash takes the page cache with it
 * @param astrayChance how often a message arrives at a member that it is not for
 */
public record ClusterOptions(
        int size,
        int electionTicks,
        long replayEntriesMax,
        long catchUpEntries,
        long segmentBytes,
        long leaseCheckpointMillis,
        MaintenanceConfig maintenance,
        WatchLimits watch,
        double unsyncedLossChance,
        double astrayChance,
        Network.Faults network,
        DiskFaults disk) {}
