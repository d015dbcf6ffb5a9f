package dev.keelson.operator.execute;

import dev.keelson.operator.api.ClusterSpec;
import org.jspecify.annotations.Nullable;

/** Which image a cluster runs, where it does not say so itself. */
public record Images(String repository, String version) {

    /** The version to run: the one asked for, or else the one that runs, or for a new cluster the operator's own. */
    public String version(ClusterSpec spec, @Nullable String running) {
        if (!spec.version().isEmpty()) {
            return spec.version();
        }
        return running == null ? version : running;
    }

    public String image(ClusterSpec spec, String version) {
        String from = spec.image().repository();
        return (from.isEmpty() ? repository : from) + ":" + version;
    }
}
