package dev.keelson.server.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Sizes and durations in the form that Go programs print. */
final class GoText {

    private static final List<String> SIZES = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");
    private static final int THOUSAND = 1_000;
    private static final int TWO_DIGITS = 10;

    private GoText() {}

    /** Bytes in the largest unit that leaves a number of at least one, with one decimal below ten. */
    static String size(long bytes) {
        if (bytes < TWO_DIGITS) {
            return bytes + " B";
        }
        BigDecimal amount = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (amount.compareTo(BigDecimal.valueOf(THOUSAND)) >= 0) {
            amount = amount.movePointLeft(3);
            unit++;
        }
        BigDecimal rounded = amount.setScale(1, RoundingMode.HALF_UP);
        int decimals = rounded.compareTo(BigDecimal.valueOf(TWO_DIGITS)) < 0 ? 1 : 0;
        return rounded.setScale(decimals, RoundingMode.HALF_EVEN) + " " + SIZES.get(unit);
    }

    /** A time below a minute, such as {@code 3.150221ms}. */
    static String duration(long nanos) {
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return shifted(nanos, 3) + "µs";
        }
        return nanos < 1_000_000_000 ? shifted(nanos, 6) + "ms" : shifted(nanos, 9) + "s";
    }

    private static String shifted(long nanos, int places) {
        return BigDecimal.valueOf(nanos, places).stripTrailingZeros().toPlainString();
    }
}
