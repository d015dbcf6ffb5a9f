package dev.keelson.server.config;

import java.util.Locale;

/**
 * One flag of the server.
 *
 * @param name without dashes
 * @param type what values it takes
 * @param standard the value when none is given
 * @param about what it does, for people
 * @param why the reason for which it does nothing, empty for one that does
 */
record Flag(String group, String name, Type type, String standard, Effect effect, String about, String why) {

    /** The kinds of values. */
    enum Type {
        TEXT,
        /** Texts with commas between them, in a file a list. */
        LIST,
        NUMBER,
        /** A number that is never negative. */
        COUNT,
        SWITCH,
        DURATION
    }

    /** What giving the flag does. */
    enum Effect {
        WORKS,
        /** It is accepted, so that a command line for etcd goes on working, and named in a warning. */
        NONE,
        /** The member does not start: without the effect it would be open, or start wrongly, against the user's will. */
        REFUSED
    }

    /** The environment variable that sets it, as in etcd. */
    String variable() {
        return FlagTable.VARIABLE_PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether a value, in the form that {@link FlagValues} keeps, is what holds anyway. */
    boolean isStandard(String value) {
        return value.equals(FlagValues.normal(this, standard, "--" + name));
    }
}
