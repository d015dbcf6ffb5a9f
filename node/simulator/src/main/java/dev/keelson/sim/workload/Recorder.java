package dev.keelson.sim.workload;

import dev.keelson.sim.check.Operation;

/** Takes down what clients were told. */
@FunctionalInterface
public interface Recorder {

    void record(Operation operation);
}
