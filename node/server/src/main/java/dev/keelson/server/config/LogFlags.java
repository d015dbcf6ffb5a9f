package dev.keelson.server.config;

import dev.keelson.server.config.NodeConfig.Log;
import dev.keelson.server.log.Rotation;
import java.util.Arrays;
import java.util.List;

/** Turns the flags about log lines into what the process is told. */
final class LogFlags {

    private static final String STANDARD = "default";
    private static final List<String> STREAMS = List.of("stderr", "stdout");
    private static final String JOURNAL = "systemd/journal";
    private static final List<String> LEVELS = List.of("debug", "info", "warn", "error", "panic", "fatal");

    private final FlagValues flags;

    LogFlags(FlagValues flags) {
        this.flags = flags;
    }

    Log toConfig() {
        oneOf("logger", List.of("zap"));
        oneOf("log-format", List.of("json", "console"));
        oneOf("log-level", LEVELS);
        List<String> outputs = outputs();
        Rotation rotation = LogRotation.parse(flags.text("log-rotation-config-json"));
        boolean rotates = flags.isOn("enable-log-rotation");
        if (rotates
                && outputs.stream().filter(output -> !STREAMS.contains(output)).count() != 1) {
            throw new FlagException("--enable-log-rotation=true: --log-outputs=" + flags.text("log-outputs")
                    + " requires a single file path when log rotation is on; name one");
        }
        return new Log(
                flags.text("log-level"), flags.text("log-format").equals("json"), outputs, rotates ? rotation : null);
    }

    private void oneOf(String flag, List<String> values) {
        String given = flags.text(flag);
        if (!values.contains(given)) {
            throw new FlagException("invalid value \"" + given + "\" for --" + flag + ": give "
                    + String.join(", ", values).replaceFirst(", ([^,]*)$", " or $1"));
        }
    }

    private List<String> outputs() {
        String given = flags.text("log-outputs");
        List<String> named = Arrays.stream(given.split(",", -1))
                .map(String::strip)
                .distinct()
                .toList();
        if (named.size() > 1 && named.contains(STANDARD)) {
            throw new FlagException("--log-outputs=" + given + ": multi logoutput for \"" + STANDARD
                    + "\" is not supported; name stderr instead");
        }
        for (String each : named) {
            if (each.isEmpty()) {
                throw new FlagException("--log-outputs=\"" + given + "\": an output has no name; give stderr, stdout or"
                        + " paths of files");
            }
            if (each.equals(JOURNAL)) {
                throw new FlagException("--log-outputs=" + given + ": the journal is not written to directly; give"
                        + " stderr, which a unit of systemd sends there");
            }
        }
        return named.stream()
                .map(output -> output.equals(STANDARD) ? STREAMS.getFirst() : output)
                .distinct()
                .toList();
    }
}
