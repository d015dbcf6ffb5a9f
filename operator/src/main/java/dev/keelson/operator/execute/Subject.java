package dev.keelson.operator.execute;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.observe.ClusterObservation.Versions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that a pass is about. {@code cluster} carries the specification that members are kept at: the last one without
 * problems, which is the user's own unless that has {@code problems}. {@code image} is of the version in force, which is not
 * the wanted one as long as the data is not ready for that.
 */
public record Subject(
        KeelsonCluster cluster, @Nullable String acceptedSpec, Versions versions, String image, List<String> problems) {
    public Subject {
        problems = List.copyOf(problems);
    }

    public Names names() {
        return Names.of(cluster);
    }

    public String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    public String name() {
        return cluster.getMetadata().getName();
    }

    /** Whether any specification was ever free of problems; nothing is made for one that never was. */
    public boolean isUsable() {
        return acceptedSpec != null;
    }
}
