package dev.keelson.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The settings of a file in etcd's form: YAML whose keys are the names of flags, with a group of its own for the
 * certificates of each side.
 *
 * <p>Types are strict, as with etcd: a number is no text, a duration is a whole number of nanoseconds, lists are lists. A
 * key that etcd would pass over in silence is passed over and named in a warning.
 */
final class ConfigFile {

    private static final String CLIENT_SECURITY = "client-transport-security";
    private static final String PEER_SECURITY = "peer-transport-security";
    private static final String SOCKETS = "socket-options";
    private static final String DISCOVERY = "discovery-config";

    /** What stands in the groups about certificates. */
    private static final Set<String> SECURITY_KEYS = Set.of(
            "cert-file",
            "key-file",
            "client-cert-file",
            "client-key-file",
            "client-cert-auth",
            "trusted-ca-file",
            "auto-tls",
            "allowed-cn",
            "allowed-hostname",
            "skip-client-san-verification");

    /** Names that flags have and keys of etcd's file have not; those of certificates stand in their groups. */
    private static final Set<String> NO_KEYS = Set.of("config-file", "raft-read-timeout", "raft-write-timeout");

    private final Path path;
    private final Map<Flag, String> values = new LinkedHashMap<>();
    private final List<String> strangers = new ArrayList<>();

    private ConfigFile(Path path) {
        this.path = path;
    }

    /** @throws FlagException when it cannot be read, is not YAML, or a value is not of the kind that its key takes */
    static ConfigFile read(Path path) {
        var file = new ConfigFile(path);
        file.readAll(file.mapping(file.load(), ""));
        return file;
    }

    /** In the form that {@link FlagValues} keeps. */
    Map<Flag, String> values() {
        return values;
    }

    List<String> warnings() {
        return strangers.isEmpty()
                ? List.of()
                : List.of(path + ": keys without effect: " + strangers.stream().collect(Collectors.joining(", ")));
    }

    private Object load() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(true);
        try {
            Object loaded = new Yaml(new SafeConstructor(options)).load(Files.readString(path));
            return loaded == null ? Map.of() : loaded;
        } catch (MarkedYAMLException malformed) {
            throw wrong("is not YAML: " + malformed.getProblem() + " in line "
                    + (malformed.getProblemMark().getLine() + 1));
        } catch (YAMLException malformed) {
            throw wrong("is not YAML: " + malformed.getMessage());
        } catch (IOException unreadable) {
            throw wrong("cannot be read: " + unreadable);
        }
    }

    private void readAll(Map<?, ?> all) {
        all.forEach((each, value) -> {
            String key = String.valueOf(each);
            if (value == null) {
                // As in etcd's own sample, whose keys stand there for whoever wants to fill them in.
                return;
            }
            switch (key) {
                case CLIENT_SECURITY -> readSecurity(key, "", mapping(value, key));
                case PEER_SECURITY -> readSecurity(key, "peer-", mapping(value, key));
                case SOCKETS -> mapping(value, key).forEach((name, on) -> set(key, name, "socket-" + name, on));
                case DISCOVERY -> throw wrong(key + ": there is no discovery; name the members in initial-cluster");
                default -> {
                    if (isElsewhere(key)) {
                        strangers.add(key);
                    } else {
                        set("", key, key, value);
                    }
                }
            }
        });
    }

    /** Whether a flag of this name is given in another place of the file, or in none. */
    private static boolean isElsewhere(String key) {
        String bare = key.startsWith("peer-") ? key.substring("peer-".length()) : key;
        return SECURITY_KEYS.contains(bare)
                || bare.startsWith("cert-allowed-")
                || key.startsWith("client-cert-allowed-")
                || key.startsWith("socket-")
                || key.startsWith("discovery-") && !key.startsWith("discovery-srv")
                || NO_KEYS.contains(key);
    }

    private void readSecurity(String group, String prefix, Map<?, ?> keys) {
        keys.forEach((key, value) -> {
            String flag = switch (String.valueOf(key)) {
                case "allowed-cn" -> prefix + "cert-allowed-cn";
                case "allowed-hostname" -> (prefix.isEmpty() ? "client-" : prefix) + "cert-allowed-hostname";
                default -> prefix + key;
            };
            if (SECURITY_KEYS.contains(String.valueOf(key))) {
                set(group, key, flag, value);
            } else {
                strangers.add(group + "." + key);
            }
        });
    }

    private void set(String group, Object key, String name, @Nullable Object value) {
        Flag flag = FlagTable.BY_NAME.get(name);
        String where = group.isEmpty() ? name : group + "." + key;
        if (flag == null && where.equals(CLIENT_SECURITY + ".allowed-cn")) {
            throw wrong(where + ": not available; limit clients by allowed-hostname or by their users' roles");
        }
        if (flag == null) {
            strangers.add(where);
        } else if (value != null) {
            values.put(flag, text(flag, value, where));
        }
    }

    private String text(Flag flag, Object value, String where) {
        return switch (flag.type()) {
            case TEXT -> of(String.class, "a text", value, where);
            case LIST -> list(value, where);
            case NUMBER -> integer("a whole number", value, where);
            case COUNT -> count(integer("a whole number", value, where), where);
            case SWITCH -> of(Boolean.class, "true or false", value, where).toString();
            case DURATION ->
                Long.toString(TimeUnit.NANOSECONDS.toMillis(
                        Long.parseLong(integer("a whole number of nanoseconds", value, where))));
        };
    }

    private <T> T of(Class<T> kind, String expected, Object value, String where) {
        if (!kind.isInstance(value)) {
            throw wrong(where + ": " + value + " is not " + expected);
        }
        return kind.cast(value);
    }

    private String integer(String expected, Object value, String where) {
        if (value instanceof Integer || value instanceof Long) {
            return value.toString();
        }
        throw wrong(where + ": " + value + " is not " + expected);
    }

    private String count(String number, String where) {
        if (number.startsWith("-")) {
            throw wrong(where + ": " + number + " is negative");
        }
        return number;
    }

    private String list(Object value, String where) {
        return of(List.class, "a list of texts", value, where).stream()
                .map(item -> of(String.class, "a text", item, where))
                .collect(Collectors.joining(","))
                .toString();
    }

    private Map<?, ?> mapping(Object value, String where) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong((where.isEmpty() ? "" : where + ": ") + value + " is not a mapping of keys to values");
        }
        return map;
    }

    private FlagException wrong(String why) {
        return new FlagException("--config-file=" + path + ": " + why);
    }
}
