package dev.keelson.server.log;

import java.util.Locale;

/** How much a line matters, least first. */
public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR,
    PANIC,
    FATAL;

    /** The level of a {@code --log-level} value, which has been checked. */
    public static Level of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** As it stands in a line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
