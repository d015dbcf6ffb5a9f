package dev.keelson.storage;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Builds a write batch in RocksDB's serialized form, so that a batch costs one native call instead of one per row.
 *
 * <p>The form is RocksDB's own, which it also writes to its log and accepts from other processes: 8 bytes of sequence
 * number (0 here), 4 of count, then per row a tag, the family's id and the key, for a put also the value; id and lengths
 * are varints.
 *
 * <p>Thread rule: one thread.
 */
final class BatchEncoder implements Mutations {

    private static final byte TAG_DELETE = 0x4;
    private static final byte TAG_PUT = 0x5;
    private static final int COUNT_AT = 8;
    private static final int HEADER_BYTES = 12;
    private static final int VARINT_BYTES_MAX = 5;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** What the buffer may keep between batches; a larger one goes with the batch that needed it. */
    private static final int KEPT_BYTES_MAX = 4 << 20;

    private final int[] familyIds;
    private byte[] bytes = new byte[4096];
    private int size = HEADER_BYTES;
    private int count;

    BatchEncoder(int[] familyIds) {
        this.familyIds = familyIds;
    }

    @Override
    public void put(Family family, byte[] key, byte[] value) {
        reserve(1 + 3L * VARINT_BYTES_MAX + key.length + value.length);
        bytes[size++] = TAG_PUT;
        varint(familyIds[family.ordinal()]);
        counted(key);
        counted(value);
        count++;
    }

    @Override
    public void delete(Family family, byte[] key) {
        reserve(1 + 2L * VARINT_BYTES_MAX + key.length);
        bytes[size++] = TAG_DELETE;
        varint(familyIds[family.ordinal()]);
        counted(key);
        count++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The batch so far. */
    byte[] serialized() {
        INT.set(bytes, COUNT_AT, count);
        return Arrays.copyOf(bytes, size);
    }

    /** Makes room for the next batch. */
    void clear() {
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[4096];
        }
        size = HEADER_BYTES;
        count = 0;
    }

    private void counted(byte[] field) {
        varint(field.length);
        System.arraycopy(field, 0, bytes, size, field.length);
        size += field.length;
    }

    private void varint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void reserve(long more) {
        long need = size + more;
        if (need > bytes.length) {
            if (need > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("a batch of " + need + " bytes is too large; split it");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(need, 2L * bytes.length)));
        }
    }
}
