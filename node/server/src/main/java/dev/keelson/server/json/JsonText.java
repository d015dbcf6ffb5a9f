package dev.keelson.server.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The inside of a string with escapes or with characters beyond ASCII. */
final class JsonText {

    private static final int ESCAPE_LENGTH = 6;

    private final JsonCursor cursor;
    private final String written;
    private final StringBuilder text = new StringBuilder();

    JsonText(JsonCursor cursor, byte[] inside) throws JsonException {
        this.cursor = cursor;
        try {
            this.written = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(inside))
                    .toString();
        } catch (CharacterCodingException _) {
            throw cursor.syntax("invalid UTF-8 in string");
        }
    }

    String resolve() throws JsonException {
        int at = 0;
        while (at < written.length()) {
            int escape = written.indexOf('\\', at);
            if (escape < 0) {
                escape = written.length();
            }
            text.append(written, at, escape);
            at = escape == written.length() ? escape : unescape(escape);
        }
        return text.toString();
    }

    /** Returns where it goes on. */
    private int unescape(int at) throws JsonException {
        char kind = written.charAt(at + 1);
        switch (kind) {
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                return unescapeNumber(at);
            }
            default -> text.append(kind);
        }
        return at + 2;
    }

    private int unescapeNumber(int at) throws JsonException {
        char first = number(at);
        int next = at + ESCAPE_LENGTH;
        text.append(first);
        if (!Character.isSurrogate(first)) {
            return next;
        }
        boolean paired = written.startsWith("\\u", next)
                && Character.isHighSurrogate(first)
                && Character.isLowSurrogate(number(next));
        if (!paired) {
            if (written.length() - next < ESCAPE_LENGTH) {
                throw JsonException.of("proto: unexpected EOF");
            }
            String shown = written.substring(next, next + ESCAPE_LENGTH).replace("\\", "\\\\");
            throw cursor.syntax("invalid escape code \"" + shown + "\" in string");
        }
        text.append(number(next));
        return next + ESCAPE_LENGTH;
    }

    private char number(int at) {
        return (char) Integer.parseInt(written, at + 2, at + ESCAPE_LENGTH, 16);
    }
}
