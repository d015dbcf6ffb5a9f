package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Where the image of a member comes from. */
public record ImageSpec(
        @Size(max = 255) String repository,
        @Default("IfNotPresent") PullPolicy pullPolicy,
        @Size(max = 8) List<String> pullSecrets) {

    static final ImageSpec DEFAULTS = new ImageSpec("", PullPolicy.IfNotPresent, List.of());

    public ImageSpec {
        repository = Absent.or(repository, "");
        pullPolicy = Absent.or(pullPolicy, PullPolicy.IfNotPresent);
        pullSecrets = Absent.orEmpty(pullSecrets);
    }

    /** When the image is fetched, in Kubernetes' words. */
    public enum PullPolicy {
        Always,
        IfNotPresent,
        Never
    }
}
