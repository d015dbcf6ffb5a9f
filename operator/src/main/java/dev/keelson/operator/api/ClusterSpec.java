package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/** What a user wants of a cluster. Whatever is absent has the default that the schema states too. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterSpec(
        @JsonPropertyDescription(
                "How many members vote. Odd sizes are better: an even one tolerates no more failures than one less.")
        @SpecReplicas
        @Default("3")
        @Min(1)
        @Max(MOST_MEMBERS)
        int members,

        @JsonPropertyDescription("The version to run, which is the tag of the image; empty keeps the one that runs.")
        @Pattern("^$|^[0-9]+\\.[0-9]+\\.[0-9]+([-.][0-9A-Za-z.-]+)?$")
        @Size(max = 64)
        String version,

        @Default("{}") ImageSpec image,
        @Default("{}") StorageSpec storage,
        @Default("{}") ResourcesSpec resources,
        @Default("{}") ServerSpec server,
        @Default("{}") TlsSpec tls,
        @Default("{}") AuthSpec auth,
        @Default("{}") SchedulingSpec scheduling,
        @Default("{}") PodTemplateSpec podTemplate,
        @Default("{}") ServiceSpec service,
        @Default("{}") UpdatesSpec updates,
        @Default("{}") RecoverySpec recovery,

        @JsonPropertyDescription("While true nothing is done to members; certificates and status go on.")
        @Default("false")
        boolean paused) {

    /** What Raft serves well; more members make every write wait for more disks. */
    public static final int MOST_MEMBERS = 7;

    private static final int DEFAULT_MEMBERS = 3;

    public ClusterSpec {
        members = members == 0 ? DEFAULT_MEMBERS : members;
        version = Absent.or(version, "");
        image = Absent.or(image, ImageSpec.DEFAULTS);
        storage = Absent.or(storage, StorageSpec.DEFAULTS);
        resources = Absent.or(resources, ResourcesSpec.DEFAULTS);
        server = Absent.or(server, ServerSpec.DEFAULTS);
        tls = Absent.or(tls, TlsSpec.DEFAULTS);
        auth = Absent.or(auth, AuthSpec.DEFAULTS);
        scheduling = Absent.or(scheduling, SchedulingSpec.DEFAULTS);
        podTemplate = Absent.or(podTemplate, PodTemplateSpec.DEFAULTS);
        service = Absent.or(service, ServiceSpec.DEFAULTS);
        updates = Absent.or(updates, UpdatesSpec.DEFAULTS);
        recovery = Absent.or(recovery, RecoverySpec.DEFAULTS);
    }

    /** What {@code spec: {}} means. */
    public static ClusterSpec defaults() {
        return new ClusterSpec(
                DEFAULT_MEMBERS,
                "",
                ImageSpec.DEFAULTS,
                StorageSpec.DEFAULTS,
                ResourcesSpec.DEFAULTS,
                ServerSpec.DEFAULTS,
                TlsSpec.DEFAULTS,
                AuthSpec.DEFAULTS,
                SchedulingSpec.DEFAULTS,
                PodTemplateSpec.DEFAULTS,
                ServiceSpec.DEFAULTS,
                UpdatesSpec.DEFAULTS,
                RecoverySpec.DEFAULTS,
                false);
    }
}
