package dev.keelson.operator.dependent;

import dev.keelson.operator.api.KeelsonCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a member needs to know at its first start: whether it makes a cluster, and who belongs to it.
 *
 * <p>It is read with every start of a container, not fixed in the Pod: from the moment the identity is latched no start
 * whatever makes a new cluster, also not that of a seed whose disk was emptied; and a member that has not joined yet learns of
 * changes to the list.
 */
public final class Bootstrap {
    private static final String STATE = "initial-cluster-state";
    private static final String EXISTING = "existing";

    private Bootstrap() {}

    public static ConfigMap of(KeelsonCluster cluster, boolean latched, Collection<String> members) {
        Names names = Names.of(cluster);
        String peers = new ArrayList<>(new TreeSet<>(members))
                .stream().map(member -> member + "=" + names.peerUrl(member)).collect(Collectors.joining(","));
        return new ConfigMapBuilder()
                .withMetadata(Owned.metadata(cluster, names.bootstrap()).build())
                .addToData("initial-cluster", peers)
                .addToData(STATE, latched ? EXISTING : "new")
                .build();
    }

    /** Whether what members read at their start keeps them from making a new cluster. */
    public static boolean isOfOldCluster(ConfigMap bootstrap) {
        return bootstrap.getData() != null
                && EXISTING.equals(bootstrap.getData().get(STATE));
    }
}
