package dev.keelson.engine.maintenance;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the contract between members, as far as it matters to them: without the number of the patch. */
public record ClusterVersion(int major, int minor) implements Comparable<ClusterVersion> {

    private static final Comparator<ClusterVersion> ORDER =
            Comparator.comparingInt(ClusterVersion::major).thenComparingInt(ClusterVersion::minor);

    private static final String NUMBER = "(0|[1-9]\\d{0,8})";
    private static final String SUFFIXES = "(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "(?:\\." + NUMBER + SUFFIXES + ")?");

    /** Reads {@code 3.7} as well as {@code 3.7.1-rc.0}; empty for everything else. */
    public static Optional<ClusterVersion> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new ClusterVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }

    /** The only version a cluster of this one may go down to. */
    public ClusterVersion oneDown() {
        return new ClusterVersion(major, minor - 1);
    }

    @Override
    public int compareTo(ClusterVersion other) {
        return ORDER.compare(this, other);
    }

    /** Two numbers, as replies about downgrades have it. */
    public String brief() {
        return major + "." + minor;
    }

    /** Three numbers, as it is stored and told. */
    @Override
    public String toString() {
        return brief() + ".0";
    }
}
