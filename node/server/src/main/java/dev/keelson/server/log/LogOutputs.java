package dev.keelson.server.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Opens what {@code --log-outputs} names. */
public final class LogOutputs {

    private LogOutputs() {}

    /**
     * A stream for each name: {@code stderr}, {@code stdout} or a file, which is appended to.
     *
     * @throws IOException with the file's name in its message
     */
    public static List<PrintStream> open(List<String> names) throws IOException {
        var outputs = new ArrayList<PrintStream>();
        for (String name : names) {
            outputs.add(
                    switch (name) {
                        case "stderr" -> System.err;
                        case "stdout" -> System.out;
                        default -> new PrintStream(new FileOutputStream(name, true), true, StandardCharsets.UTF_8);
                    });
        }
        return outputs;
    }
}
