package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was observed of a cluster. All of it can be observed again, except the latched identity: {@code clusterID} and
 * {@code nextOrdinal}; the members' resources carry these as well. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterStatus(
        @Nullable Long observedGeneration,

        @JsonProperty("clusterID")
        @JsonPropertyDescription("The identity of the data, latched before a second member exists; hexadecimal.")
        @Nullable
        String clusterId,

        @JsonPropertyDescription("The ordinal of the next member; none is used twice.")
        int nextOrdinal,

        @JsonPropertyDescription("For people; programs read the conditions.") @Nullable
        String phase,

        @JsonPropertyDescription("Voters that are healthy.") @StatusReplicas
        int members,

        @LabelSelector @Nullable String selector,

        @JsonPropertyDescription("The version that the data is for: what all members run, or are going down to.")
        @Nullable
        String version,

        @Nullable String leader,
        @Nullable String revision,
        List<MemberReport> memberStatuses,
        List<StepReport> plan,
        List<Condition> conditions,

        @JsonPropertyDescription("The last specification without problems, which members are kept at.") @Nullable
        String acceptedSpec) {

    public static final ClusterStatus NONE =
            new ClusterStatus(null, null, 0, null, 0, null, null, null, null, List.of(), List.of(), List.of(), null);

    public ClusterStatus {
        memberStatuses = Absent.orEmpty(memberStatuses);
        plan = Absent.orEmpty(plan);
        conditions = Absent.orEmpty(conditions);
    }

    /** This status with the identity of the data. */
    public ClusterStatus latched(String id) {
        return with(id, nextOrdinal, version);
    }

    /** This status with the ordinals below one spent. */
    public ClusterStatus withNextOrdinal(int ordinal) {
        return with(clusterId, ordinal, version);
    }

    /** This status with the version that the data is for. */
    public ClusterStatus withVersion(String version) {
        return with(clusterId, nextOrdinal, version);
    }

    private ClusterStatus with(@Nullable String id, int ordinal, @Nullable String version) {
        return new ClusterStatus(
                observedGeneration,
                id,
                ordinal,
                phase,
                members,
                selector,
                version,
                leader,
                revision,
                memberStatuses,
                plan,
                conditions,
                acceptedSpec);
    }

    /** One member, as the store knows it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberReport(
            String name,
            @Nullable String id,
            String role,
            boolean healthy,
            @Nullable String version,
            @Nullable String lag,
            @Nullable String databaseBytes) {}

    /** One step of the plan: what, to whom, why, and what it waits for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StepReport(
            String step,
            @Nullable String member,
            String reason,
            @Nullable String waitsFor) {}
}
