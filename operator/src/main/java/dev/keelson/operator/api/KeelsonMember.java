package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * One member of a cluster: one Pod and one volume under an ordinal that is never used again. The operator's own record and
 * journal; users read it and never write it.
 */
@Group(KeelsonCluster.GROUP)
@Version(KeelsonCluster.VERSION)
@AdditionalPrinterColumn(jsonPath = ".spec.cluster", name = "Cluster", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".spec.memberID", name = "Id", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".spec.leaving", name = "Leaving", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".status.role", name = "Role", type = Type.STRING)
@AdditionalPrinterColumn(jsonPath = ".status.healthy", name = "Healthy", type = Type.BOOLEAN)
@AdditionalPrinterColumn(jsonPath = ".metadata.creationTimestamp", name = "Age", type = Type.DATE)
public final class KeelsonMember extends CustomResource<KeelsonMember.Spec, KeelsonMember.Status>
        implements Namespaced {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Whether the first start of a member made a cluster or joined one. */
    public enum Start {
        New,
        Existing
    }

    /** Why a member is on its way out. */
    public enum Leaving {
        ScaleIn,
        DataLost,
        Unreachable,
        RemovedFromStore
    }

    /** The journal: each intent is written here before the store is asked, and each id when the store has given it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "self.ordinal == oldSelf.ordinal && self.cluster == oldSelf.cluster && self.start == oldSelf.start",
            message = "which member this is cannot change")
    @ValidationRule(
            value = "!has(oldSelf.memberID) || (has(self.memberID) && self.memberID == oldSelf.memberID)",
            message = "the id that the store gave cannot change")
    public record Spec(
            @Required String cluster,
            @Required int ordinal,
            @Required Start start,

            @JsonProperty("clusterID")
            @JsonPropertyDescription("The identity of the data that this member belongs to.")
            @Nullable
            String clusterId,

            @JsonProperty("memberID")
            @JsonPropertyDescription("The id that the store gave this member; hexadecimal.")
            @Nullable
            String memberId,

            @Nullable Leaving leaving) {

        /** This record with the ids that the store gave. */
        public Spec joined(String cluster, String member) {
            return new Spec(this.cluster, ordinal, start, cluster, member, leaving);
        }

        /** This record with the intent to remove the member, or without. */
        public Spec leaving(@Nullable Leaving reason) {
            return new Spec(cluster, ordinal, start, clusterId, memberId, reason);
        }
    }

    /** What was last seen of the member. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Status(@Nullable String role, boolean healthy) {}
}
