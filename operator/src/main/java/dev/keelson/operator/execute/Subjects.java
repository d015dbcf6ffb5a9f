package dev.keelson.operator.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.keelson.operator.api.ClusterSpec;
import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.observe.ClusterObservation.Versions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the specification that members are to be kept at: the user's, or while that has problems the last without. */
final class Subjects {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private final Images images;

    Subjects(Images images) {
        this.images = images;
    }

    Subject of(KeelsonCluster cluster) {
        ClusterStatus status = cluster.getStatus() == null ? ClusterStatus.NONE : cluster.getStatus();
        ClusterSpec spec = cluster.getSpec() == null ? ClusterSpec.defaults() : cluster.getSpec();
        ClusterSpec accepted = read(status.acceptedSpec());
        String latched = status.version();
        String version = images.version(spec, latched);
        List<String> problems = SpecProblems.of(spec, accepted, latched, version);
        ClusterSpec kept = problems.isEmpty() || accepted == null ? spec : accepted;
        String keptVersion = problems.isEmpty() ? version : images.version(kept, latched);
        String acceptedText = problems.isEmpty() ? write(spec) : status.acceptedSpec();
        cluster.setSpec(kept);
        cluster.setStatus(status);
        Versions versions = new Versions(keptVersion, latched);
        return new Subject(cluster, acceptedText, versions, images.image(kept, versions.inForce()), problems);
    }

    private static @Nullable ClusterSpec read(@Nullable String text) {
        try {
            return text == null ? null : JSON.readValue(text, ClusterSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("status.acceptedSpec was written by somebody else", e);
        }
    }

    private static String write(ClusterSpec spec) {
        try {
            return JSON.writeValueAsString(spec);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
