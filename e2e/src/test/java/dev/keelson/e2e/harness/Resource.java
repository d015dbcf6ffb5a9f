package dev.keelson.e2e.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text files that lie beside the tests. */
final class Resource {

    private Resource() {}

    /** All lines but empty ones and those that begin with #. */
    static List<String> lines(String name) {
        try (InputStream in = Resource.class.getResourceAsStream("/dev/keelson/e2e/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
