package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** How clients reach the cluster. */
public record ServiceSpec(
        @Default("ClusterIP") Type type, @Size(max = 32) Map<String, String> annotations) {
    static final ServiceSpec DEFAULTS = new ServiceSpec(Type.ClusterIP, Map.of());

    public ServiceSpec {
        type = Absent.or(type, Type.ClusterIP);
        annotations = Absent.orEmpty(annotations);
    }

    /** The type of the Service that clients use. */
    public enum Type {
        ClusterIP,
        NodePort,
        LoadBalancer
    }
}
