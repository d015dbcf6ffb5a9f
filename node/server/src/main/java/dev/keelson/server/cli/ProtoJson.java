package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;

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
        for (Iterator<FieldDescriptor> fields = message.getAllFields().keySet().iterator(); fields.hasNext(); ) {
            FieldDescriptor field = fields.next();
            appendString(out, field.getName());
            out.append(':');
            appendField(out, message.getField(field));
            out.append(fields.hasNext() ? "," : "");
        }
        out.append('}');
    }

    private static void appendField(StringBuilder out, Object value) {
        switch (value) {
            case List<?> items -> {
                out.append('[');
                for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
                    appendField(out, each.next());
                    out.append(each.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Message message -> append(out, message);
            case ByteString bytes -> appendString(out, Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case EnumValueDescriptor constant -> out.append(constant.getNumber());
            case Long number -> out.append(Long.toUnsignedString(number));
            case Integer number -> out.append(Integer.toUnsignedString(number));
            case Boolean truth -> out.append(truth);
            default -> appendString(out, value.toString());
        }
    }

    private static void appendString(StringBuilder out, String text) {
        out.append('"')
                .append(text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                .append('"');
    }
}
