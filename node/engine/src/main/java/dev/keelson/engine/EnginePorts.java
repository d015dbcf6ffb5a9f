package dev.keelson.engine;

import dev.keelson.raft.log.DurableLog;
import java.util.random.RandomGenerator;

/** Everything outside that a node needs: a simulation brings its own. */
public record EnginePorts(
        DurableLog log,
        SnapshotStore snapshots,
        Transport transport,
        Workers workers,
        RandomGenerator random,
        EngineListener listener) {}
