package dev.keelson.server.config;

import dev.keelson.server.log.Rotation;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the flag that says when a log file gives way to a new one, in the words of etcd's log rotation. */
final class LogRotation {

    /** The value of etcd's flag when none is given. */
    static final String STANDARD =
            "{\"maxsize\": 100, \"maxage\": 0, \"maxbackups\": 0, \"localtime\": false, \"compress\": false}";

    private static final String FLAG = "--log-rotation-config-json";
    private static final int MEGABYTES = 100;
    private static final long BYTES_PER_MEGABYTE = 1L << 20;

    private LogRotation() {}

    /** @throws FlagException when it is not JSON, or a member of it not of its kind */
    static Rotation parse(String json) {
        Object loaded;
        try {
            // JSON is YAML.
            loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
        } catch (YAMLException malformed) {
            throw new FlagException(
                    FLAG + "=" + json + ": improperly formatted log rotation config; give JSON such as " + STANDARD);
        }
        if (!(loaded instanceof Map<?, ?> members)) {
            throw new FlagException(
                    FLAG + "=" + json + ": invalid log rotation config; give an object such as " + STANDARD);
        }
        int megabytes = of(Integer.class, "maxsize", 0, members);
        return new Rotation(
                (megabytes == 0 ? MEGABYTES : megabytes) * BYTES_PER_MEGABYTE,
                of(Integer.class, "maxage", 0, members),
                of(Integer.class, "maxbackups", 0, members),
                of(Boolean.class, "localtime", false, members),
                of(Boolean.class, "compress", false, members));
    }

    private static <T> T of(Class<T> kind, String name, T standard, Map<?, ?> members) {
        Object value = members.get(name);
        if (value == null) {
            return standard;
        }
        if (!kind.isInstance(value)) {
            throw new FlagException(FLAG + ": invalid log rotation config: " + name + " is " + value + "; give "
                    + (kind == Integer.class ? "a whole number" : "true or false"));
        }
        return kind.cast(value);
    }
}
