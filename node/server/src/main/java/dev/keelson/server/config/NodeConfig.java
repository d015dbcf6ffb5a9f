package dev.keelson.server.config;

import dev.keelson.server.member.MemberConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a command line and an environment make of a server.
 *
 * @param member what the member is told
 * @param log how it reports
 * @param warnings what the user should know about the flags, a line each
 */
public record NodeConfig(MemberConfig member, Log log, List<String> warnings) {

    /**
     * @param level the least level that is written: debug, info, warn, error
     * @param json one JSON object a line, else text for people
     * @param outputs where the lines go: stderr, stdout or paths of files
     */
    public record Log(String level, boolean json, List<String> outputs) {}

    /** @throws FlagException when they contradict themselves or each other */
    public static NodeConfig parse(List<String> words, Map<String, String> environment) {
        FlagValues values = FlagValues.parse(words, environment);
        List<String> warnings = values.warnings();
        return new NodeConfig(new MemberFlags(values, warnings).toConfig(), log(values), List.copyOf(warnings));
    }

    private static Log log(FlagValues values) {
        String format = values.text("log-format");
        if (!format.equals("json") && !format.equals("console")) {
            throw new FlagException("invalid value \"" + format + "\" for --log-format: give json or console");
        }
        String level = values.text("log-level");
        if (!List.of("debug", "info", "warn", "error", "panic", "fatal").contains(level)) {
            throw new FlagException(
                    "invalid value \"" + level + "\" for --log-level: give debug, info, warn, error, panic or fatal");
        }
        return new Log(level, format.equals("json"), outputs(values.text("log-outputs")));
    }

    private static List<String> outputs(String given) {
        return Arrays.stream(given.split(",", -1))
                .map(output -> output.strip().replaceFirst("^default$", "stderr"))
                .filter(output -> !output.isEmpty())
                .distinct()
                .toList();
    }
}
