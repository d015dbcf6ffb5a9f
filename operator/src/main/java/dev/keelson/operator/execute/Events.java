package dev.keelson.operator.execute;

import dev.keelson.operator.api.KeelsonCluster;

/** Tells users what is done, where they look for it: in the events of the cluster's resource. */
@FunctionalInterface
public interface Events {
    void note(KeelsonCluster about, boolean warning, String reason, String text);
}
