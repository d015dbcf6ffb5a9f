package dev.keelson.server.log;

import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON. */
public enum JsonText {
    /** For programs. */
    COMPACT(",", ":"),
    /** For people. */
    SPACED(", ", ": ");

    private final String comma;
    private final String colon;

    JsonText(String comma, String colon) {
        this.comma = comma;
        this.colon = colon;
    }

    /** Appends the members of an object, without its braces; names and values come in turns. */
    public void appendFields(StringBuilder out, @Nullable Object... fields) {
        for (int i = 0; i + 1 < fields.length; i += 2) {
            if (i > 0) {
                out.append(comma);
            }
            append(out, fields[i]);
            out.append(colon);
            append(out, fields[i + 1]);
        }
    }

    void append(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            case Collection<?> items -> appendAll(out, items);
            default -> appendString(out, value.toString());
        }
    }

    private void appendAll(StringBuilder out, Collection<?> items) {
        out.append('[');
        for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
            append(out, each.next());
            out.append(each.hasNext() ? comma : "");
        }
        out.append(']');
    }

    private static void appendString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
