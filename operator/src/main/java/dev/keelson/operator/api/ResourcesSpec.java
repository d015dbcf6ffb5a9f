package dev.keelson.operator.api;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** What each member may use of its host. */
public record ResourcesSpec(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    static final ResourcesSpec DEFAULTS = new ResourcesSpec(Map.of(), Map.of());

    public ResourcesSpec {
        requests = Absent.orEmpty(requests);
        limits = Absent.orEmpty(limits);
    }
}
