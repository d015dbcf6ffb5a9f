package dev.keelson.server.log;

import java.io.PrintStream;

/**
 * Where log lines go.
 *
 * <p>Thread rule: any thread; a line is written in one piece.
 */
@FunctionalInterface
public interface LineOutput {

    /** @param line without its end */
    void write(String line);

    /** One that writes to a stream. */
    static LineOutput of(PrintStream stream) {
        return stream::println;
    }
}
