package dev.keelson.engine.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order in which etcd shows names: that of their bytes. */
final class Names {

    static final Comparator<String> ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private Names() {}

    static List<String> sorted(Collection<String> names) {
        return names.stream().sorted(ORDER).toList();
    }
}
