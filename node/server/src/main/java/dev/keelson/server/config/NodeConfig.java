package dev.keelson.server.config;

import dev.keelson.server.log.Rotation;
import dev.keelson.server.member.MemberConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
     * @param rotation when a file gives way to a new one, null for never
     */
    public record Log(
            String level,
            boolean json,
            List<String> outputs,
            @Nullable Rotation rotation) {}

    /** @throws FlagException when they contradict themselves or each other */
    public static NodeConfig parse(List<String> words, Map<String, String> environment) {
        FlagValues values = FlagValues.parse(words, environment);
        List<String> warnings = values.warnings();
        return new NodeConfig(
                new MemberFlags(values, warnings).toConfig(), new LogFlags(values).toConfig(), List.copyOf(warnings));
    }
}
