package dev.keelson.server.metrics;

import java.math.BigDecimal;

/** Numbers as Go writes them, since label values such as {@code le="1.048576e+06"} are compared letter by letter. */
final class GoNumber {

    /** From this exponent on Go's shortest form is scientific. */
    private static final int EXPONENT_MAX = 6;

    private static final int EXPONENT_MIN = -4;
    private static final double PLAIN_MAX = 1e6;

    private GoNumber() {}

    static String format(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (Math.abs(value) < PLAIN_MAX && value == (long) value) {
            return Long.toString((long) value);
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        if (exponent >= EXPONENT_MIN && exponent < EXPONENT_MAX) {
            return shortest.toPlainString();
        }
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
