package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;

/** What may be added to the Pods of members; bounded on purpose. */
public record PodTemplateSpec(
        @Size(max = 32) Map<String, String> labels,
        @Size(max = 32) Map<String, String> annotations,
        @Size(max = 253) String serviceAccountName,
        @Size(max = 32) List<EnvVar> env) {

    static final PodTemplateSpec DEFAULTS = new PodTemplateSpec(Map.of(), Map.of(), "", List.of());

    public PodTemplateSpec {
        labels = Absent.orEmpty(labels);
        annotations = Absent.orEmpty(annotations);
        serviceAccountName = Absent.or(serviceAccountName, "");
        env = Absent.orEmpty(env);
    }
}
