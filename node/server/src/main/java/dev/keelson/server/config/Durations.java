package dev.keelson.server.config;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, such as {@code 1h30m}, {@code 5s} or {@code 100ms}. */
public final class Durations {

    private static final Pattern PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

    private static final Map<String, BigDecimal> MILLIS = Map.of(
            "ns", new BigDecimal("0.000001"),
            "us", new BigDecimal("0.001"),
            "µs", new BigDecimal("0.001"), // the sign for micro
            "μs", new BigDecimal("0.001"), // the Greek letter
            "ms", BigDecimal.ONE,
            "s", new BigDecimal(1_000),
            "m", new BigDecimal(60_000),
            "h", new BigDecimal(3_600_000));

    private Durations() {}

    /** @throws FlagException when {@code value} is no duration; {@code source} says where it came from */
    public static long millis(String value, String source) {
        if (value.equals("0")) {
            return 0;
        }
        boolean signed = value.startsWith("-") || value.startsWith("+");
        BigDecimal total = BigDecimal.ZERO;
        Matcher parts = PART.matcher(signed ? value.substring(1) : value);
        int end = 0;
        while (parts.find() && parts.start() == end) {
            total = total.add(new BigDecimal(parts.group(1)).multiply(MILLIS.get(parts.group(2))));
            end = parts.end();
        }
        if (end == 0 || end < value.length() - (signed ? 1 : 0)) {
            throw FlagException.syntax(
                    "invalid value \"" + value + "\" for " + source + ": give a duration such as 5s or 100ms");
        }
        return value.startsWith("-") ? -total.longValue() : total.longValue();
    }
}
