package dev.keelson.server.json;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes that arrive bit by bit into JSON values, one after another, with or without space between them.
 *
 * <p>A value is returned once its last byte is there, so that a stream of requests can be served as it arrives; only a
 * number at the outermost level needs to see what follows it. What is malformed is found at its first wrong byte, and
 * nothing after it is looked at. At most {@code bytesMax} bytes are kept beside the part that was fed last.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class JsonSplitter {

    /** Arrays and objects inside each other; a bound of etcd's, too. */
    private static final int DEPTH_MAX = 10_000;

    private static final int FIRST_BYTES = 256;
    private static final int HEX_DIGITS = 4;

    private enum State {
        VALUE,
        VALUE_OR_END,
        KEY,
        KEY_OR_END,
        AFTER_KEY,
        AFTER_VALUE,
        STRING,
        ESCAPE,
        HEX,
        LITERAL,
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        /** The value ends with the byte before this one. */
        ENDED_BEFORE,
        /** The value ends with this byte. */
        ENDED
    }

    private final int bytesMax;
    private final BitSet objects = new BitSet();
    private byte[] kept = new byte[FIRST_BYTES];
    private int keptBytes;
    private byte[] part = {};
    private int at;
    private int start;
    private State state = State.VALUE;
    private boolean begun;
    private boolean inKey;
    private int depth;
    private int digitsLeft;
    private String literal = "";
    private int literalAt;

    /** @param bytesMax how long a value may be */
    public JsonSplitter(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Gives the next bytes, once {@link #next} has returned null for those before; the array is kept for that long. */
    public void feed(byte[] bytes) {
        part = bytes;
        at = 0;
        start = 0;
    }

    /**
     * The next whole value, or null when it needs more bytes than have been fed.
     *
     * @throws JsonException for bytes that no JSON can begin with, after which this must not be asked again
     */
    public byte @Nullable [] next() throws JsonException {
        while (at < part.length) {
            if (state == State.STRING) {
                skipText();
                if (at == part.length) {
                    break;
                }
            }
            int next = part[at] & 0xff;
            if (!begun && isSpace(next)) {
                start = ++at;
                continue;
            }
            begun = true;
            step(next);
            if (state == State.ENDED_BEFORE) {
                return cut();
            }
            at++;
            if (state == State.ENDED) {
                return cut();
            }
        }
        keep();
        return null;
    }

    /**
     * What the end of the bytes completes, or null when all values were complete before.
     *
     * @throws JsonException when they end in the midst of one
     */
    public byte @Nullable [] end() throws JsonException {
        if (!begun) {
            return null;
        }
        if (depth == 0 && endsNumber()) {
            return cut();
        }
        throw JsonException.of("unexpected EOF");
    }

    private boolean endsNumber() {
        return switch (state) {
            case ZERO, DIGITS, FRACTION, EXPONENT_DIGITS -> true;
            default -> false;
        };
    }

    private byte[] cut() throws JsonException {
        keep();
        byte[] value = Arrays.copyOf(kept, keptBytes);
        keptBytes = 0;
        begun = false;
        state = State.VALUE;
        return value;
    }

    private void keep() throws JsonException {
        int more = at - start;
        if (more > bytesMax - keptBytes) {
            throw JsonException.tooLarge(bytesMax);
        }
        if (kept.length - keptBytes < more) {
            kept = Arrays.copyOf(kept, Math.max(keptBytes + more, Math.min(bytesMax, 2 * kept.length)));
        }
        System.arraycopy(part, start, kept, keptBytes, more);
        keptBytes += more;
        start = at;
    }

    /** Most bytes of most requests are text that needs no look. */
    private void skipText() {
        while (at < part.length && part[at] != '"' && part[at] != '\\' && (part[at] & 0xff) >= ' ') {
            at++;
        }
    }

    private void step(int next) throws JsonException {
        switch (state) {
            case VALUE, VALUE_OR_END, KEY, KEY_OR_END, AFTER_KEY, AFTER_VALUE -> between(next);
            case STRING, ESCAPE, HEX -> inString(next);
            case LITERAL -> inLiteral(next);
            case MINUS, ZERO, DIGITS, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> inNumber(next);
            case ENDED_BEFORE, ENDED -> throw new IllegalStateException(state.name());
        }
    }

    private void between(int next) throws JsonException {
        if (isSpace(next)) {
            return;
        }
        switch (state) {
            case VALUE_OR_END -> {
                if (next == ']') {
                    pop();
                } else {
                    beginValue(next);
                }
            }
            case KEY_OR_END -> {
                if (next == '}') {
                    pop();
                } else {
                    beginKey(next);
                }
            }
            case KEY -> beginKey(next);
            case AFTER_KEY -> {
                require(next == ':', next, "after object key");
                state = State.VALUE;
            }
            case AFTER_VALUE -> afterValue(next);
            default -> beginValue(next);
        }
    }

    private void beginKey(int next) throws JsonException {
        require(next == '"', next, "looking for beginning of object key string");
        inKey = true;
        state = State.STRING;
    }

    private void beginValue(int next) throws JsonException {
        switch (next) {
            case '{' -> push(true, next);
            case '[' -> push(false, next);
            case '"' -> state = State.STRING;
            case '-' -> state = State.MINUS;
            case '0' -> state = State.ZERO;
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> state = State.DIGITS;
            case 't' -> beginLiteral("true");
            case 'f' -> beginLiteral("false");
            case 'n' -> beginLiteral("null");
            default -> throw wrong(next, "looking for beginning of value");
        }
    }

    private void beginLiteral(String text) {
        literal = text;
        literalAt = 1;
        state = State.LITERAL;
    }

    private void push(boolean object, int next) throws JsonException {
        require(depth < DEPTH_MAX, next, "exceeded max depth");
        objects.set(depth++, object);
        state = object ? State.KEY_OR_END : State.VALUE_OR_END;
    }

    private void pop() {
        depth--;
        endValue();
    }

    private void endValue() {
        state = depth == 0 ? State.ENDED : State.AFTER_VALUE;
    }

    private void afterValue(int next) throws JsonException {
        boolean object = objects.get(depth - 1);
        if (next == ',') {
            state = object ? State.KEY : State.VALUE;
        } else {
            require(next == (object ? '}' : ']'), next, object ? "after object key:value pair" : "after array element");
            pop();
        }
    }

    private void inString(int next) throws JsonException {
        switch (state) {
            case ESCAPE -> {
                if (next == 'u') {
                    digitsLeft = HEX_DIGITS;
                    state = State.HEX;
                } else {
                    require("bfnrt\\/\"".indexOf(next) >= 0, next, "in string escape code");
                    state = State.STRING;
                }
            }
            case HEX -> {
                require(Character.digit(next, 16) >= 0, next, "in \\u hexadecimal character escape");
                state = --digitsLeft == 0 ? State.STRING : State.HEX;
            }
            default -> {
                require(next >= ' ', next, "in string literal");
                if (next == '\\') {
                    state = State.ESCAPE;
                } else if (next == '"') {
                    endString();
                }
            }
        }
    }

    private void endString() {
        if (inKey) {
            inKey = false;
            state = State.AFTER_KEY;
        } else {
            endValue();
        }
    }

    private void inLiteral(int next) throws JsonException {
        char expected = literal.charAt(literalAt);
        if (next != expected) {
            throw wrong(next, "in literal " + literal + " (expecting '" + expected + "')");
        }
        if (++literalAt == literal.length()) {
            endValue();
        }
    }

    private void inNumber(int next) throws JsonException {
        boolean digit = next >= '0' && next <= '9';
        switch (state) {
            case MINUS -> {
                require(digit, next, "in numeric literal");
                state = next == '0' ? State.ZERO : State.DIGITS;
            }
            case POINT -> {
                require(digit, next, "after decimal point in numeric literal");
                state = State.FRACTION;
            }
            case EXPONENT, EXPONENT_SIGN -> {
                if (state == State.EXPONENT && (next == '+' || next == '-')) {
                    state = State.EXPONENT_SIGN;
                } else {
                    require(digit, next, "in exponent of numeric literal");
                    state = State.EXPONENT_DIGITS;
                }
            }
            default -> {
                if (digit && state != State.ZERO) {
                    return;
                }
                afterDigits(next);
            }
        }
    }

    private void afterDigits(int next) throws JsonException {
        if (next == '.' && (state == State.ZERO || state == State.DIGITS)) {
            state = State.POINT;
        } else if ((next == 'e' || next == 'E') && state != State.EXPONENT_DIGITS) {
            state = State.EXPONENT;
        } else if (depth == 0) {
            state = State.ENDED_BEFORE;
        } else {
            state = State.AFTER_VALUE;
            between(next);
        }
    }

    private static boolean isSpace(int next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t';
    }

    private static void require(boolean allowed, int next, String where) throws JsonException {
        if (!allowed) {
            throw wrong(next, where);
        }
    }

    private static JsonException wrong(int next, String where) {
        return JsonException.of("invalid character " + quoted(next) + " " + where);
    }

    /** A byte as Go shows it, taken for the character of that number. */
    private static String quoted(int next) {
        return switch (next) {
            case '\'' -> "'\\''";
            case '\\' -> "'\\\\'";
            case '\b' -> "'\\b'";
            case '\f' -> "'\\f'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case 0x07 -> "'\\a'";
            case 0x0b -> "'\\v'";
            case 0xa0, 0xad -> String.format("'\\u%04x'", next);
            default -> {
                if (next < ' ' || next == 0x7f) {
                    yield String.format("'\\x%02x'", next);
                }
                yield next >= 0x80 && next < 0xa0 ? String.format("'\\u%04x'", next) : "'" + (char) next + "'";
            }
        };
    }
}
