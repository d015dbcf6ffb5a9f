package dev.keelson.server.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message from one JSON value: fields by either of their names, unknown fields and unknown names of enum values
 * left out, null as good as absent.
 *
 * <p>Thread rule: one message, one reader, one thread.
 */
public final class MessageReader {

    /** Messages inside each other, as in their binary form; what reads them later may recurse. */
    private static final int DEPTH_MAX = 100;

    private static final Map<Descriptor, Map<String, FieldDescriptor>> NAMES = new ConcurrentHashMap<>();

    private final JsonCursor cursor;
    private int depth;

    private MessageReader(byte[] json) {
        this.cursor = new JsonCursor(json);
    }

    /**
     * Fills a message.
     *
     * @param json well formed, as {@link JsonSplitter} cuts it
     * @throws JsonException when it is not what the message asks for, in etcd's words
     */
    public static void read(byte[] json, Message.Builder into) throws JsonException {
        new MessageReader(json).message(into);
    }

    private static Map<String, FieldDescriptor> names(Descriptor descriptor) {
        var names = new HashMap<String, FieldDescriptor>();
        for (FieldDescriptor field : descriptor.getFields()) {
            names.put(field.getName(), field);
        }
        for (FieldDescriptor field : descriptor.getFields()) {
            names.put(field.getJsonName(), field);
        }
        return names;
    }

    private void message(Message.Builder into) throws JsonException {
        if (++depth > DEPTH_MAX) {
            throw JsonException.of("proto: exceeded max recursion depth");
        }
        begin('{');
        Map<String, FieldDescriptor> names = NAMES.computeIfAbsent(into.getDescriptorForType(), MessageReader::names);
        Set<FieldDescriptor> seen = new HashSet<>();
        Set<OneofDescriptor> chosen = new HashSet<>();
        while (cursor.peek() != '}') {
            FieldDescriptor field = names.get(cursor.takeText());
            if (field == null) {
                cursor.skip();
                continue;
            }
            String name = cursor.raw();
            int position = cursor.position();
            if (!seen.add(field)) {
                throw cursor.wrong("duplicate field " + name);
            }
            if (cursor.peek() == 'n') {
                cursor.takeRaw();
                continue;
            }
            OneofDescriptor choice = field.getContainingOneof();
            if (choice != null && !chosen.add(choice)) {
                throw cursor.wrongAt(
                        position, "error parsing " + name + ", oneof " + choice.getFullName() + " is already set");
            }
            field(into, field);
        }
        cursor.take();
        depth--;
    }

    private void field(Message.Builder into, FieldDescriptor field) throws JsonException {
        if (!field.isRepeated()) {
            Object value = value(into, field);
            if (value != null) {
                into.setField(field, value);
            }
            return;
        }
        begin('[');
        while (cursor.peek() != ']') {
            Object value = value(into, field);
            if (value != null) {
                into.addRepeatedField(field, value);
            }
        }
        cursor.take();
    }

    private void begin(char bracket) throws JsonException {
        if (cursor.peek() == bracket) {
            cursor.take();
            return;
        }
        takeToken();
        throw cursor.syntax("unexpected token " + cursor.raw());
    }

    /** The value of a field, or null when it stands for nothing. */
    private @Nullable Object value(Message.Builder into, FieldDescriptor field) throws JsonException {
        if (field.getType() == Type.MESSAGE) {
            Message.Builder inner = into.newBuilderForField(field);
            message(inner);
            return inner.build();
        }
        char first = cursor.peek();
        if (first == '"') {
            return fromText(field, cursor.takeText());
        }
        takeToken();
        String raw = cursor.raw();
        boolean number = first == '-' || (first >= '0' && first <= '9');
        return switch (field.getType()) {
            case BOOL -> present(field, first == 't' ? Boolean.TRUE : first == 'f' ? Boolean.FALSE : null);
            case INT32, INT64, UINT32, UINT64 -> present(field, number ? integer(field, raw) : null);
            case ENUM -> present(field, number ? enumValue(field, raw) : null);
            default -> throw invalid(field);
        };
    }

    private void takeToken() {
        switch (cursor.peek()) {
            case '{', '[' -> cursor.take();
            default -> cursor.takeRaw();
        }
    }

    private @Nullable Object fromText(FieldDescriptor field, String text) throws JsonException {
        return switch (field.getType()) {
            case STRING -> text;
            case BYTES -> present(field, bytes(text));
            case INT32, INT64, UINT32, UINT64 -> present(field, integer(field, text));
            case ENUM -> field.getEnumType().findValueByName(text);
            default -> throw invalid(field);
        };
    }

    private static @Nullable ByteString bytes(String text) {
        byte[] decoded = Base64Text.decode(text);
        return decoded == null ? null : ByteString.copyFrom(decoded);
    }

    private static @Nullable Object integer(FieldDescriptor field, String text) {
        boolean signed = field.getType() == Type.INT32 || field.getType() == Type.INT64;
        Long value = signed ? JsonNumber.signed(text) : JsonNumber.unsigned(text);
        if (value == null || field.getType() == Type.INT64 || field.getType() == Type.UINT64) {
            return value;
        }
        boolean fits = signed ? value == value.intValue() : value >>> Integer.SIZE == 0;
        return fits ? (Object) value.intValue() : null;
    }

    private static @Nullable EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
        Long number = JsonNumber.signed(text);
        return number == null || number != number.intValue()
                ? null
                : field.getEnumType().findValueByNumberCreatingIfUnknown(number.intValue());
    }

    private Object present(FieldDescriptor field, @Nullable Object value) throws JsonException {
        if (value == null) {
            throw invalid(field);
        }
        return value;
    }

    private JsonException invalid(FieldDescriptor field) {
        return cursor.wrong("invalid value for " + field.getType().name().toLowerCase(Locale.ROOT) + " field "
                + field.getJsonName() + ": " + cursor.raw());
    }
}
