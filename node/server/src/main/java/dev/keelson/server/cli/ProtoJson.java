package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Messages as etcdctl prints them with {@code -w json}: numbers as numbers, bytes in base64, zeros left out. */
final class ProtoJson {

    private ProtoJson() {}

    static String of(Message message) {
        var out = new StringBuilder();
        append(out, message);
        return out.toString();
    }

    private static void append(StringBuilder out, Message message) {
        out.append('{');
        String comma = "";
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            out.append(comma);
            // Go's encoder shows the choice between fields as an object of its own around the chosen one.
            boolean chosen = field.getRealContainingOneof() != null;
            if (chosen) {
                appendString(out, goName(field.getRealContainingOneof().getName()));
                out.append(":{");
            }
            appendString(out, field.getName());
            out.append(':');
            appendField(out, field, message.getField(field));
            out.append(chosen ? "}" : "");
            comma = ",";
        }
        out.append('}');
    }

    private static String goName(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static void appendField(StringBuilder out, FieldDescriptor field, Object value) {
        if (value instanceof List<?> items) {
            out.append('[');
            for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
                appendValue(out, field, each.next());
                out.append(each.hasNext() ? "," : "");
            }
            out.append(']');
        } else {
            appendValue(out, field, value);
        }
    }

    private static void appendValue(StringBuilder out, FieldDescriptor field, Object value) {
        switch (field.getType()) {
            case MESSAGE, GROUP -> append(out, (Message) value);
            case BYTES -> appendString(out, Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> out.append(((EnumValueDescriptor) value).getNumber());
            case UINT64, FIXED64 -> out.append(Long.toUnsignedString((Long) value));
            case UINT32, FIXED32 -> out.append(Integer.toUnsignedString((Integer) value));
            case STRING -> appendString(out, (String) value);
            case INT64, SINT64, SFIXED64, INT32, SINT32, SFIXED32, BOOL, DOUBLE, FLOAT -> out.append(value);
        }
    }

    /** As Go writes it, which keeps a text safe inside HTML. */
    private static void appendString(StringBuilder out, String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> out.append(String.format("\\u%04x", (int) c));
                default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
