package dev.keelson.server.config;

import java.util.Locale;

/**
 * One flag of the server.
 *
 * @param name without dashes
 * @param type what values it takes
 * @param standard the value when none is given
 * @param works false for a flag that is accepted, and named in a warning when it is set, but has no effect yet
 */
record Flag(String group, String name, Type type, String standard, boolean works) {

    /** The kinds of values. */
    enum Type {
        TEXT,
        NUMBER,
        SWITCH,
        DURATION
    }

    /** The environment variable that sets it, as in etcd. */
    String variable() {
        return FlagTable.VARIABLE_PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
