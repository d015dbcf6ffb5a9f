package dev.keelson.sim;

import dev.keelson.sim.disk.FaultCounts;
import dev.keelson.sim.world.Goals;
import java.util.Map;

/**
 * What a run came to; equal digests mean equal runs.
 *
 * @param simulatedMicros virtual time that passed
 * @param events what happened in it
 * @param operations requests of clients whose outcome was checked
 */
public record RunResult(
        long digest,
        long simulatedMicros,
        long events,
        long operations,
        Map<Fault, Long> faults,
        FaultCounts diskFaults,
        Goals goals) {}
