package dev.keelson.server.log;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Writes one line for each event: a JSON object with etcd's fields, or a text for people.
 *
 * <p>Thread rule: any thread; a line is written in one piece.
 */
public final class LineLog {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSX");

    private final List<LineOutput> outputs;
    private final Clock clock;
    private final Level least;
    private final boolean json;

    /** @param least lines below it are not written */
    public LineLog(List<LineOutput> outputs, Clock clock, Level least, boolean json) {
        this.outputs = outputs;
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
        String line =
                json ? jsonLine(level, at, caller, message, fields) : textLine(level, at, caller, message, fields);
        for (LineOutput output : outputs) {
            output.write(line);
        }
    }

    private static String jsonLine(Level level, String at, String caller, String message, Object... fields) {
        var line = new StringBuilder("{");
        JsonText.COMPACT.appendFields(line, "level", level.text(), "ts", at, "caller", caller, "msg", message);
        if (fields.length > 1) {
            line.append(',');
            JsonText.COMPACT.appendFields(line, fields);
        }
        return line.append('}').toString();
    }

    private static String textLine(Level level, String at, String caller, String message, Object... fields) {
        var line = new StringBuilder(String.join("\t", at, level.text(), caller, message));
        if (fields.length > 1) {
            line.append("\t{");
            JsonText.SPACED.appendFields(line, fields);
            line.append('}');
        }
        return line.toString();
    }
}
