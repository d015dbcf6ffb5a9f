package dev.keelson.sim;

import dev.keelson.sim.disk.FaultCounts;
import dev.keelson.sim.world.Goals;
import java.util.Map;

/**
 * What a run came to; equal digests mean equal runs.
 *
 * @param members how many there were at first
 * @param simulatedMicros virtual time that passed
 * @param events what happened in it
 * @param operations requests of clients whose outcome was checked
 * @param leaseOperations requests about leases whose outcome was checked
 * @param watchEvents events that watchers were told of and that were checked
 * @param overspent whether the faults took more than any cluster can bear, so that only safety was judged
 * @param undecided revisions whose writer the checker did not find within bounds
 */
public record RunResult(
        long digest,
        int members,
        long simulatedMicros,
        long events,
        long operations,
        long leaseOperations,
        long watchEvents,
        boolean overspent,
        int undecided,
        Map<Fault, Long> faults,
        FaultCounts diskFaults,
        Goals goals) {}
