package dev.keelson.server.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Writes messages as JSON: fields under the names of their definition and in its order, those of their default left out,
 * numbers of 64 bits in quotes, bytes in base64, enum values by name.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class MessageWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private MessageWriter() {}

    /** The message alone. */
    public static byte[] write(Message message) {
        var writer = new MessageWriter();
        writer.message(message);
        return writer.out.toByteArray();
    }

    /** One part of an answer: the message as the result of an object, and a line break behind it. */
    public static byte[] writeLine(Message message) {
        var writer = new MessageWriter();
        writer.ascii("{\"result\":");
        writer.message(message);
        writer.ascii("}\n");
        return writer.out.toByteArray();
    }

    /** A failure, by its number in gRPC and its text. */
    public static byte[] writeFailure(int code, String message) {
        var writer = new MessageWriter();
        writer.failure(code, message);
        return writer.out.toByteArray();
    }

    /** A failure as the last part of an answer. */
    public static byte[] writeFailureLine(int code, String message) {
        var writer = new MessageWriter();
        writer.ascii("{\"error\":");
        writer.failure(code, message);
        writer.ascii("}\n");
        return writer.out.toByteArray();
    }

    private void failure(int code, String message) {
        ascii("{\"code\":" + code);
        if (!message.isEmpty()) {
            ascii(",");
            name("message");
            text(message);
        }
        ascii("}");
    }

    private void message(Message message) {
        out.write('{');
        boolean first = true;
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isRepeated() ? message.getRepeatedFieldCount(field) == 0 : !message.hasField(field)) {
                continue;
            }
            if (!first) {
                out.write(',');
            }
            first = false;
            name(field.getName());
            field(field, message.getField(field));
        }
        out.write('}');
    }

    private void name(String name) {
        text(name);
        out.write(':');
    }

    private void field(FieldDescriptor field, Object value) {
        if (!(value instanceof List<?> elements)) {
            value(field, value);
            return;
        }
        out.write('[');
        boolean first = true;
        for (Object each : elements) {
            if (!first) {
                out.write(',');
            }
            first = false;
            value(field, each);
        }
        out.write(']');
    }

    private void value(FieldDescriptor field, Object value) {
        switch (field.getType()) {
            case MESSAGE -> message((Message) value);
            case BYTES -> quoted(Base64.getEncoder().encode(((ByteString) value).toByteArray()));
            case STRING -> text((String) value);
            case BOOL, INT32 -> ascii(value.toString());
            case UINT32 -> ascii(Integer.toUnsignedString((Integer) value));
            case INT64 -> quoted(value.toString().getBytes(StandardCharsets.US_ASCII));
            case UINT64 -> quoted(Long.toUnsignedString((Long) value).getBytes(StandardCharsets.US_ASCII));
            case ENUM -> enumValue((EnumValueDescriptor) value);
            default -> throw new IllegalArgumentException("no JSON form for " + field.getFullName());
        }
    }

    private void enumValue(EnumValueDescriptor value) {
        boolean known = value.getType().findValueByNumber(value.getNumber()) != null;
        if (known) {
            text(value.getName());
        } else {
            ascii(Integer.toString(value.getNumber()));
        }
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void quoted(byte[] text) {
        out.write('"');
        out.writeBytes(text);
        out.write('"');
    }

    private void text(String text) {
        out.write('"');
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            switch (each) {
                case '"', '\\' -> escaped(each);
                case '\b' -> escaped('b');
                case '\f' -> escaped('f');
                case '\n' -> escaped('n');
                case '\r' -> escaped('r');
                case '\t' -> escaped('t');
                default -> {
                    if (each >= 0 && each < ' ') {
                        ascii("\\u00");
                        out.write(HEX[each >> 4]);
                        out.write(HEX[each & 0xf]);
                    } else {
                        out.write(each);
                    }
                }
            }
        }
        out.write('"');
    }

    private void escaped(int letter) {
        out.write('\\');
        out.write(letter);
    }
}
