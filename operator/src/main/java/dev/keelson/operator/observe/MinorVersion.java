package dev.keelson.operator.observe;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version as far as it matters to who can read whose data: without the number of the patch. */
public record MinorVersion(int major, int minor) implements Comparable<MinorVersion> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})(\\..*)?");
    private static final Comparator<MinorVersion> ORDER =
            Comparator.comparingInt(MinorVersion::major).thenComparingInt(MinorVersion::minor);

    /** Reads {@code 3.7} as well as {@code 3.7.1-rc.0}; null for everything else. */
    public static @Nullable MinorVersion parse(@Nullable String text) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        return form.matches()
                ? new MinorVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)))
                : null;
    }

    /** Whether one text names an older version than another; texts that cannot be compared do not. */
    public static boolean isOlder(@Nullable String one, @Nullable String other) {
        MinorVersion first = parse(one);
        MinorVersion second = parse(other);
        return first != null && second != null && first.compareTo(second) < 0;
    }

    /** The only version that a store of this one may go down to. */
    public MinorVersion oneDown() {
        return new MinorVersion(major, minor - 1);
    }

    @Override
    public int compareTo(MinorVersion other) {
        return ORDER.compare(this, other);
    }

    /** Three numbers, as the store tells it. */
    @Override
    public String toString() {
        return major + "." + minor + ".0";
    }
}
