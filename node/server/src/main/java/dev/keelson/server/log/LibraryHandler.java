package dev.keelson.server.log;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Brings what libraries log into the lines of the member. */
public final class LibraryHandler extends Handler {

    private final LineLog lines;

    public LibraryHandler(LineLog lines) {
        this.lines = lines;
        setFormatter(new SimpleFormatter());
    }

    @Override
    public void publish(LogRecord event) {
        int value = event.getLevel().intValue();
        Level level = value >= java.util.logging.Level.SEVERE.intValue()
                ? Level.ERROR
                : value >= java.util.logging.Level.WARNING.intValue()
                        ? Level.WARN
                        : value >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
        String logger = String.valueOf(event.getLoggerName());
        String message = getFormatter().formatMessage(event);
        if (event.getThrown() == null) {
            lines.write(level, logger, message);
        } else {
            lines.write(level, logger, message, "error", event.getThrown().toString());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
