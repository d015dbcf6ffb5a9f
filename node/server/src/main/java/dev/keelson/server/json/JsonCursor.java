package dev.keelson.server.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A place in the bytes of one JSON value, which moves from token to token.
 *
 * <p>The value is known to be well formed, as {@link JsonSplitter} leaves it; that its texts are UTF-8 is checked here.
 *
 * <p>Thread rule: one thread at a time.
 */
final class JsonCursor {

    private final byte[] json;
    private int at;
    private int tokenStart;

    JsonCursor(byte[] json) {
        this.json = json;
    }

    /** The first byte of the next token. */
    char peek() {
        while (at < json.length && isBetween(json[at])) {
            at++;
        }
        return at == json.length ? 0 : (char) json[at];
    }

    /** Nothing of what stands between tokens matters in what is well formed already. */
    private static boolean isBetween(byte next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t' || next == ',' || next == ':';
    }

    /** Takes a bracket or brace. */
    void take() {
        peek();
        tokenStart = at++;
    }

    /** Takes a string, number, true, false or null, as it is written. */
    String takeRaw() {
        takeScalar();
        return raw();
    }

    /** Takes a string with its escapes resolved. */
    String takeText() throws JsonException {
        takeScalar();
        for (int i = tokenStart; i < at; i++) {
            if (json[i] == '\\' || json[i] < 0) {
                return new JsonText(this, Arrays.copyOfRange(json, tokenStart + 1, at - 1)).resolve();
            }
        }
        return new String(json, tokenStart + 1, at - tokenStart - 2, StandardCharsets.ISO_8859_1);
    }

    private void takeScalar() {
        if (peek() == '"') {
            tokenStart = at++;
            while (json[at] != '"') {
                at += json[at] == '\\' ? 2 : 1;
            }
            at++;
        } else {
            tokenStart = at;
            while (at < json.length && !isBetween(json[at]) && json[at] != '}' && json[at] != ']') {
                at++;
            }
        }
    }

    /** Takes a whole value, whatever it is, without a look into it. */
    void skip() throws JsonException {
        int depth = 0;
        do {
            switch (peek()) {
                case '{', '[' -> {
                    take();
                    depth++;
                }
                case '}', ']' -> {
                    take();
                    depth--;
                }
                case '"' -> takeText();
                default -> takeScalar();
            }
        } while (depth > 0);
    }

    /** The token taken last, as it is written. */
    String raw() {
        return new String(json, tokenStart, at - tokenStart, StandardCharsets.UTF_8);
    }

    /** Where the token taken last begins. */
    int position() {
        return tokenStart;
    }

    /** The error that etcd reports for a value of a wrong kind. */
    JsonException wrong(String what) {
        return wrongAt(tokenStart, what);
    }

    /** The same for a token taken before. */
    JsonException wrongAt(int position, String what) {
        return JsonException.of("proto: " + place(position) + what);
    }

    /** The error that etcd reports for a token in a wrong place. */
    JsonException syntax(String what) {
        return JsonException.of("proto: syntax error " + place(tokenStart) + what);
    }

    private String place(int position) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < position; i++) {
            if (json[i] == '\n') {
                line++;
                column = 1;
            } else if ((json[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return "(line " + line + ":" + column + "): ";
    }
}
