package dev.keelson.engine.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Builds a byte string out of numbers, byte strings and texts; {@link ByteReader} takes it apart again.
 *
 * <p>Numbers are variable-length (7 bits a byte, low first, as unsigned); byte strings carry their length before them.
 */
public final class ByteWriter {

    private byte[] bytes;
    private int size;

    /** A writer that does not have to grow up to {@code sizeExpected} bytes. */
    public ByteWriter(int sizeExpected) {
        bytes = new byte[sizeExpected];
    }

    public ByteWriter octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public ByteWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    /** Eight bytes, high first. */
    public ByteWriter fixed(long value) {
        ensure(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    public ByteWriter number(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    public ByteWriter string(byte[] value) {
        number(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    public ByteWriter text(String value) {
        return string(value.getBytes(StandardCharsets.UTF_8));
    }

    public ByteWriter texts(List<String> values) {
        number(values.size());
        values.forEach(this::text);
        return this;
    }

    public byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
