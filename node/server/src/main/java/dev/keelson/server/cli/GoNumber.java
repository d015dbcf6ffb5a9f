package dev.keelson.server.cli;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** Whole numbers as Go programs read and print them. */
final class GoNumber {

    static final int DECIMAL = 10;
    static final int HEXADECIMAL = 16;

    private static final int ID_WIDTH = 16;
    private static final Pattern DECIMAL_DIGITS = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern HEXADECIMAL_DIGITS = Pattern.compile("[+-]?[0-9a-fA-F]+");

    private GoNumber() {}

    /** @throws NumberFormatException with Go's words for what is wrong */
    static long parse(String text, int radix) {
        Pattern digits = radix == HEXADECIMAL ? HEXADECIMAL_DIGITS : DECIMAL_DIGITS;
        String complaint = "strconv.ParseInt: parsing \"" + text + "\": ";
        if (!digits.matcher(text).matches()) {
            throw new NumberFormatException(complaint + "invalid syntax");
        }
        BigInteger number = new BigInteger(text, radix);
        if (number.bitLength() >= Long.SIZE) {
            throw new NumberFormatException(complaint + "value out of range");
        }
        return number.longValue();
    }

    /** An id of a lease: sixteen places, of which a sign takes one. */
    static String id(long id) {
        String digits = Long.toString(id, HEXADECIMAL);
        String sign = id < 0 ? "-" : "";
        digits = digits.substring(sign.length());
        return sign + "0".repeat(Math.max(0, ID_WIDTH - sign.length() - digits.length())) + digits;
    }
}
