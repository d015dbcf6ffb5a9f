package dev.keelson.operator.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Defaults for what a resource does not say; readers of YAML pass null for it. */
final class Absent {
    private Absent() {}

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    static <T> List<T> orEmpty(@Nullable List<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }

    static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> values) {
        return values == null ? Map.of() : Map.copyOf(values);
    }
}
