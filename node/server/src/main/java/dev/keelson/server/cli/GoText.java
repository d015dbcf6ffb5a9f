package dev.keelson.server.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sizes, durations and quoted texts in the form that Go programs print. */
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

    /** Bytes as a text in double quotes: what is printable as it is, all else in escapes. */
    static String quoted(byte[] bytes) {
        var out = new StringBuilder("\"");
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        for (int at = 0; at < bytes.length; ) {
            int length = characterBytes(bytes[at]);
            int codePoint = -1;
            if (at + length <= bytes.length) {
                try {
                    codePoint = decoder.decode(ByteBuffer.wrap(bytes, at, length))
                            .toString()
                            .codePointAt(0);
                } catch (CharacterCodingException malformed) {
                    length = 1;
                }
            } else {
                length = 1;
            }
            if (codePoint < 0) {
                out.append(String.format("\\x%02x", bytes[at]));
            } else {
                appendQuoted(out, codePoint);
            }
            at += length;
        }
        return out.append('"').toString();
    }

    /** How long the UTF-8 form of a character is that begins with this byte. */
    private static int characterBytes(byte first) {
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        return Math.max(1, Math.min(ones, 4));
    }

    private static void appendQuoted(StringBuilder out, int codePoint) {
        int escape = "\u0007\b\f\n\r\t\u000b\"\\".indexOf(codePoint);
        if (escape >= 0) {
            out.append('\\').append("abfnrtv\"\\".charAt(escape));
        } else if (codePoint == ' ' || isPrintable(codePoint)) {
            out.appendCodePoint(codePoint);
        } else if (codePoint < 0x80) {
            out.append(String.format("\\x%02x", codePoint));
        } else {
            out.append(String.format(codePoint < 0x1_0000 ? "\\u%04x" : "\\U%08x", codePoint));
        }
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String shifted(long nanos, int places) {
        return BigDecimal.valueOf(nanos, places).stripTrailingZeros().toPlainString();
    }
}
