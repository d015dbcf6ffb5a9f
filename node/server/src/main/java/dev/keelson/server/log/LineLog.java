package dev.keelson.server.log;

import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes one line for each event: a JSON object with etcd's fields, or a text for people.
 *
 * <p>Thread rule: any thread; a line is written in one piece.
 */
public final class LineLog {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSX");

    private final PrintStream out;
    private final Clock clock;
    private final Level least;
    private final boolean json;

    /** @param least lines below it are not written */
    public LineLog(PrintStream out, Clock clock, Level least, boolean json) {
        this.out = out;
        this.clock = clock;
        this.least = least;
        this.json = json;
    }

    /**
     * Writes a line.
     *
     * @param caller the part of the program that says it
     * @param fields names and values in turns
     */
    public void write(Level level, String caller, String message, Object... fields) {
        if (level.compareTo(least) < 0) {
            return;
        }
        String at = TIMESTAMP.format(clock.instant().atOffset(ZoneOffset.UTC));
        out.println(json ? jsonLine(level, at, caller, message, fields) : textLine(level, at, caller, message, fields));
    }

    private static String jsonLine(Level level, String at, String caller, String message, Object... fields) {
        var line = new StringBuilder("{");
        field(line, "level", level.text());
        field(line, "ts", at);
        field(line, "caller", caller);
        field(line, "msg", message);
        for (int i = 0; i + 1 < fields.length; i += 2) {
            field(line, fields[i].toString(), fields[i + 1]);
        }
        return line.append('}').toString();
    }

    private static void field(StringBuilder line, String name, Object value) {
        if (line.length() > 1) {
            line.append(',');
        }
        JsonText.append(line, name);
        line.append(':');
        JsonText.append(line, value);
    }

    private static String textLine(Level level, String at, String caller, String message, Object... fields) {
        var line = new StringBuilder(at)
                .append('\t')
                .append(level.text())
                .append('\t')
                .append(caller)
                .append('\t')
                .append(message);
        for (int i = 0; i + 1 < fields.length; i += 2) {
            line.append(i == 0 ? '\t' : ' ').append(fields[i]).append('=').append(fields[i + 1]);
        }
        return line.toString();
    }
}
