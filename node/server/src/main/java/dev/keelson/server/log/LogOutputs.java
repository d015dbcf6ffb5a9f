package dev.keelson.server.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens what {@code --log-outputs} names. */
public final class LogOutputs {

    private LogOutputs() {}

    /**
     * An output for each name: {@code stderr}, {@code stdout} or a file, which is appended to.
     *
     * @param rotation when a file gives way to a new one, null for never
     * @throws IOException with the file's name in its message
     */
    public static List<LineOutput> open(List<String> names, @Nullable Rotation rotation) throws IOException {
        var outputs = new ArrayList<LineOutput>();
        for (String name : names) {
            outputs.add(
                    switch (name) {
                        case "stderr" -> LineOutput.of(System.err);
                        case "stdout" -> LineOutput.of(System.out);
                        default -> file(name, rotation);
                    });
        }
        return outputs;
    }

    private static LineOutput file(String name, @Nullable Rotation rotation) throws IOException {
        if (rotation != null) {
            return RotatedFile.open(Path.of(name), rotation, Clock.systemUTC());
        }
        return LineOutput.of(new PrintStream(new FileOutputStream(name, true), true, StandardCharsets.UTF_8));
    }
}
