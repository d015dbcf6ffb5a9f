package dev.keelson.server.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whole numbers in any notation that JSON has for them: {@code 10}, {@code 1e1} and {@code 10.0} are the same one. */
final class JsonNumber {

    private static final Pattern GRAMMAR = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    /** Digits of the largest number that 64 bits hold; with more there is nothing to compute. */
    private static final int DIGITS_MAX = 20;

    private static final int PLAIN_DIGITS_MAX = 18;

    private static final BigInteger UNSIGNED_LONG_END = BigInteger.ONE.shiftLeft(Long.SIZE);
    private static final BigInteger LONG_END = BigInteger.ONE.shiftLeft(Long.SIZE - 1);

    private JsonNumber() {}

    /** As a signed number of 64 bits, or null when it is none. */
    static @Nullable Long signed(String text) {
        if (isPlain(text)) {
            return Long.valueOf(text);
        }
        BigInteger whole = whole(text);
        return whole == null ? null : within(whole, LONG_END.negate(), LONG_END);
    }

    /** As an unsigned number of 64 bits, or null when it is none. */
    static @Nullable Long unsigned(String text) {
        if (isPlain(text)) {
            return Long.valueOf(text);
        }
        BigInteger whole = whole(text);
        return whole == null ? null : within(whole, BigInteger.ZERO, UNSIGNED_LONG_END);
    }

    private static @Nullable Long within(BigInteger number, BigInteger lo, BigInteger hi) {
        return number.compareTo(lo) >= 0 && number.compareTo(hi) < 0 ? number.longValue() : null;
    }

    private static boolean isPlain(String text) {
        if (text.isEmpty() || text.length() > PLAIN_DIGITS_MAX || (text.charAt(0) == '0' && text.length() > 1)) {
            return false;
        }
        return text.chars().allMatch(each -> each >= '0' && each <= '9');
    }

    private static @Nullable BigInteger whole(String text) {
        if (!GRAMMAR.matcher(text).matches()) {
            return null;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text).stripTrailingZeros();
        } catch (NumberFormatException _) {
            // An exponent of more than 32 bits.
            return null;
        }
        long digits = (long) number.precision() - number.scale();
        return number.scale() > 0 || digits > DIGITS_MAX ? null : number.toBigIntegerExact();
    }
}
