package dev.keelson.operator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;

/**
 * A cluster of Keelson members, as a user asks for it. An empty specification is a sound one: three members, TLS, members on
 * different hosts.
 */
@Group(KeelsonCluster.GROUP)
@Version(KeelsonCluster.VERSION)
@ShortNames("keelson")
@ValidationRule(
        value = "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message = "the name must be a DNS label of at most 40 characters: names of Pods and Services are made from it")
@AdditionalPrinterColumn(
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        name = "Ready",
        type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".spec.members", name = "Wanted", type = Type.INTEGER)
@AdditionalPrinterColumn(jsonPath = ".status.members", name = "Members", type = Type.INTEGER)
@AdditionalPrinterColumn(jsonPath = ".status.version", name = "Version", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".status.leader", name = "Leader", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".status.phase", name = "Phase", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".metadata.creationTimestamp", name = "Age", type = Type.DATE)
@AdditionalPrinterColumn(jsonPath = ".status.plan[0].step", name = "Next step", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(jsonPath = ".status.plan[0].waitsFor", name = "Waits for", type = Type.STRING, priority = 1)
public final class KeelsonCluster extends CustomResource<ClusterSpec, ClusterStatus> implements Namespaced {
    public static final String GROUP = "keelson.dev";
    public static final String VERSION = "v1alpha1";

    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    protected ClusterSpec initSpec() {
        return ClusterSpec.defaults();
    }
}
