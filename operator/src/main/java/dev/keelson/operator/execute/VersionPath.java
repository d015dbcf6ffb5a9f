package dev.keelson.operator.execute;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of version are safe while old and new members serve side by side: one minor version up or, after the store has
 * gone down first, one down; and any patch.
 */
final class VersionPath {
    private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+).*");

    private VersionPath() {}

    /** Null when the change is safe. */
    static @Nullable String problem(String from, String to) {
        Matcher old = VERSION.matcher(from);
        Matcher next = VERSION.matcher(to);
        if (!old.matches() || !next.matches()) {
            return from.equals(to) ? null : "version " + to + " cannot be compared with " + from + ", which runs";
        }
        int major = number(next, 1) - number(old, 1);
        int minor = number(next, 2) - number(old, 2);
        if (major != 0) {
            return "version " + to + " has another major version than " + from + ", which runs; restore a backup into a"
                    + " new cluster instead";
        }
        if (minor > 1) {
            return "version " + to + " skips minor versions; go through " + old.group(1) + "." + (number(old, 2) + 1)
                    + " first";
        }
        if (minor < -1) {
            return "version " + to + " skips minor versions; go down through " + old.group(1) + "."
                    + (number(old, 2) - 1) + " first";
        }
        return null;
    }

    private static int number(Matcher version, int group) {
        return Integer.parseInt(version.group(group));
    }
}
