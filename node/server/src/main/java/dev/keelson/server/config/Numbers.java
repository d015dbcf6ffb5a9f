package dev.keelson.server.config;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole numbers as Go writes them: {@code 10000}, {@code 10_000}, {@code 0x2710}, {@code 0b1}, {@code 0o17}, {@code -1}. */
final class Numbers {

    private static final Pattern DECIMAL = Pattern.compile("[1-9](?:_?\\d)*|0");
    private static final Pattern PREFIXED = Pattern.compile("0([xXbBoO]?)((?:_?[0-9a-fA-F])+)");

    private Numbers() {}

    /**
     * The number that a word stands for; one beyond what a long holds is the largest that does, since no bound here is
     * higher.
     *
     * @param bits how many it may have, the sign of a signed one included
     * @throws NumberFormatException when the word is none, or stands for one that has more
     */
    static long parse(String word, int bits, boolean signed) {
        boolean negative = signed && word.startsWith("-");
        BigInteger size = size(signed && (negative || word.startsWith("+")) ? word.substring(1) : word);
        BigInteger value = negative ? size.negate() : size;
        if (value.bitLength() > (signed ? bits - 1 : bits)) {
            throw new NumberFormatException(word + " is too large");
        }
        return value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    }

    private static BigInteger size(String digits) {
        if (DECIMAL.matcher(digits).matches()) {
            return new BigInteger(digits.replace("_", ""));
        }
        Matcher prefixed = PREFIXED.matcher(digits);
        if (!prefixed.matches()) {
            throw new NumberFormatException(digits + " is no number");
        }
        int radix = switch (prefixed.group(1)) {
            case "x", "X" -> 16;
            case "b", "B" -> 2;
            default -> 8;
        };
        return new BigInteger(prefixed.group(2).replace("_", ""), radix);
    }
}
