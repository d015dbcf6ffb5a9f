package dev.keelson.engine.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes apart what {@link ByteWriter} built, in the same order.
 *
 * <p>Bytes that no writer built end in a {@link MalformedBytesException}, never in a read past the end or in an
 * allocation beyond the input's own size.
 */
public final class ByteReader {

    private final byte[] bytes;
    private int position;

    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public int octet() {
        require(1);
        return bytes[position++] & 0xFF;
    }

    public boolean flag() {
        return octet() != 0;
    }

    public long fixed() {
        require(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | bytes[position++] & 0xFF;
        }
        return value;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new MalformedBytesException("a number longer than ten bytes at " + position);
    }

    /** A number that counts things which take at least one byte each. */
    public int count() {
        long count = number();
        if (count < 0 || count > bytes.length - position) {
            throw new MalformedBytesException("a count of " + count + " at " + position + " of " + bytes.length);
        }
        return (int) count;
    }

    public byte[] string() {
        int length = count();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    public String text() {
        return new String(string(), StandardCharsets.UTF_8);
    }

    public List<String> texts() {
        int count = count();
        var texts = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }

    /** One of these, stored by its place among them. */
    public <E> E constant(E[] constants) {
        int ordinal = octet();
        if (ordinal >= constants.length) {
            throw new MalformedBytesException("constant " + ordinal + " of " + constants.length);
        }
        return constants[ordinal];
    }

    private void require(int more) {
        if (bytes.length - position < more) {
            throw new MalformedBytesException("the end after " + bytes.length + " bytes");
        }
    }
}
