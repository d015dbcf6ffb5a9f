package dev.keelson.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The values given by a command line and an environment, in Go's flag syntax: one or two dashes, the value behind an
 * equals sign or as the next word, a bare switch for true, the last one wins. Where they name a file of settings, that
 * file alone counts.
 */
final class FlagValues {

    private static final String FILE = "config-file";
    private static final String FILE_VARIABLE = "ETCD_CONFIG_FILE";
    private static final int BITS = 64;

    /** What etcd had once; it goes on accepting these, so that an old command line starts. */
    private static final Set<String> LONG_GONE = Set.of(
            "cluster-active-size",
            "cluster-remove-delay",
            "cluster-sync-interval",
            "config",
            "force",
            "max-result-buffer",
            "max-retry-attempts",
            "peer-heartbeat-interval",
            "peer-election-timeout",
            "retry-interval",
            "snapshot",
            "v",
            "vv");

    private final Map<String, String> given = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> words;
    private boolean fromFile;

    private FlagValues(List<String> words) {
        this.words = List.copyOf(words);
    }

    /**
     * @throws FlagException for an unknown flag, a stray word, a flag that the environment sets as well, or a file that
     *     cannot be followed
     */
    static FlagValues parse(List<String> words, Map<String, String> environment) {
        var values = new FlagValues(words);
        values.readWords();
        String file = values.given.getOrDefault(FILE, "");
        if (file.isEmpty()) {
            file = environment.getOrDefault(FILE_VARIABLE, "");
        }
        if (file.isEmpty()) {
            values.readEnvironment(environment);
        } else {
            values.readFile(Path.of(file));
        }
        return values;
    }

    private void readFile(Path path) {
        given.remove(FILE);
        if (!given.isEmpty()) {
            warnings.add("the settings of " + path + " are followed; ignored: "
                    + given.keySet().stream().map(name -> "--" + name).collect(Collectors.joining(", ")));
            given.clear();
        }
        ConfigFile file = ConfigFile.read(path);
        file.values().forEach((flag, value) -> given.put(flag.name(), value));
        warnings.addAll(file.warnings());
        fromFile = true;
    }

    private void readWords() {
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (!word.startsWith("-") || word.equals("-") || word.equals("--")) {
                throw new FlagException("\"" + word + "\" is neither a flag nor a command; keelson --help lists both");
            }
            String body = word.startsWith("--") ? word.substring(2) : word.substring(1);
            int equals = body.indexOf('=');
            String name = equals < 0 ? body : body.substring(0, equals);
            Flag flag = FlagTable.BY_NAME.get(name);
            if (LONG_GONE.contains(name)) {
                warnings.add("flag \"-" + name + "\" is no longer supported - ignoring");
                continue;
            }
            if (flag == null) {
                throw FlagException.syntax(
                        "flag provided but not defined: -" + name + "; keelson --help lists the flags there are");
            }
            if (equals >= 0) {
                set(flag, body.substring(equals + 1), "--" + name);
            } else if (flag.type() == Flag.Type.SWITCH) {
                set(flag, "true", "--" + name);
            } else if (at + 1 < words.size()) {
                set(flag, words.get(++at), "--" + name);
            } else {
                throw FlagException.syntax("flag needs an argument: -" + name);
            }
        }
    }

    private void readEnvironment(Map<String, String> environment) {
        for (var variable : new TreeMap<>(environment).entrySet()) {
            if (!variable.getKey().startsWith(FlagTable.VARIABLE_PREFIX)) {
                continue;
            }
            Flag flag = FlagTable.ALL.stream()
                    .filter(each -> each.variable().equals(variable.getKey()))
                    .findFirst()
                    .orElse(null);
            if (flag == null) {
                warnings.add("unrecognized environment variable " + variable.getKey());
            } else if (given.containsKey(flag.name())) {
                throw new FlagException("conflicting environment variable " + variable.getKey() + " is shadowed by --"
                        + flag.name() + "; unset the variable or drop the flag");
            } else if (!variable.getValue().isEmpty()) {
                set(flag, variable.getValue(), variable.getKey());
            }
        }
    }

    private void set(Flag flag, String value, String source) {
        given.put(flag.name(), normal(flag, value, source));
    }

    /** A value in the one form in which it is kept: durations in milliseconds, switches as true or false. */
    static String normal(Flag flag, String value, String source) {
        return switch (flag.type()) {
            case TEXT, LIST -> value;
            case NUMBER -> number(value, source, true);
            case COUNT -> number(value, source, false);
            case SWITCH -> toggle(value, source);
            case DURATION -> value.isEmpty() ? "" : Long.toString(Durations.millis(value, source));
        };
    }

    private static String number(String value, String source, boolean signed) {
        try {
            return Long.toString(Numbers.parse(value, BITS, signed));
        } catch (NumberFormatException malformed) {
            throw FlagException.syntax("invalid value \"" + value + "\" for " + source + ": give a whole number"
                    + (signed ? "" : " that is not negative"));
        }
    }

    static String toggle(String value, String source) {
        return switch (value) {
            case "1", "t", "T", "TRUE", "true", "True" -> "true";
            case "0", "f", "F", "FALSE", "false", "False" -> "false";
            default ->
                throw FlagException.syntax("invalid value \"" + value + "\" for " + source + ": give true or false");
        };
    }

    /** The command line, as it was. */
    List<String> words() {
        return words;
    }

    /** Whether a file says it all; what etcd derives from a command line is then left alone. */
    boolean isFromFile() {
        return fromFile;
    }

    boolean isGiven(String name) {
        return given.containsKey(name);
    }

    String text(String name) {
        Flag flag = Objects.requireNonNull(FlagTable.BY_NAME.get(name), name);
        String value = given.get(name);
        return value == null ? normal(flag, flag.standard(), "--" + name) : value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    boolean isOn(String name) {
        return text(name).equals("true");
    }

    long millis(String name) {
        return number(name);
    }

    /** The flags of this effect that were set to something else than their default. */
    List<Flag> changed(Flag.Effect effect) {
        return given.entrySet().stream()
                .map(entry ->
                        Map.entry(Objects.requireNonNull(FlagTable.BY_NAME.get(entry.getKey())), entry.getValue()))
                .filter(entry ->
                        entry.getKey().effect() == effect && !entry.getKey().isStandard(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What was set and has no effect, or is not known. */
    List<String> warnings() {
        var all = new ArrayList<>(warnings);
        List<Flag> idle = changed(Flag.Effect.NONE);
        if (!idle.isEmpty()) {
            all.add("flags without effect here: "
                    + idle.stream()
                            .map(flag -> "--" + flag.name() + " (" + flag.why() + ")")
                            .collect(Collectors.joining(", ")));
        }
        return all;
    }
}
