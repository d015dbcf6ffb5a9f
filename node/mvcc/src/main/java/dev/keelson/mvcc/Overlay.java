package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.backend.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are not in the backend yet, and a reader that sees them over it.
 *
 * <p>Between {@link #mark} and {@link #keep} it remembers what every write replaced, so that {@link #rollBack} can take
 * the writes since the mark away again.
 *
 * <p>Thread rule: the apply thread only.
 */
final class Overlay implements Reader {

    /** Stands for a row that the overlay deletes; compared by identity. */
    private static final byte[] DELETED = new byte[0];

    private final Reader below;
    private final List<NavigableMap<byte[], byte[]>> rows = new ArrayList<>();
    private final List<Replaced> replaced = new ArrayList<>();
    private boolean marked;

    /** @param before what the overlay held, null for nothing */
    private record Replaced(NavigableMap<byte[], byte[]> rows, byte[] key, byte @Nullable [] before) {}

    Overlay(Reader below) {
        this.below = below;
        for (Family _ : Family.values()) {
            rows.add(new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    void put(Family family, byte[] key, byte[] value) {
        write(rows.get(family.ordinal()), key, value);
    }

    void delete(Family family, byte[] key) {
        write(rows.get(family.ordinal()), key, DELETED);
    }

    private void write(NavigableMap<byte[], byte[]> family, byte[] key, byte[] value) {
        byte[] before = family.put(key, value);
        if (marked) {
            replaced.add(new Replaced(family, key, before));
        }
    }

    void mark() {
        Invariant.check(!marked, "savepoints do not nest");
        marked = true;
    }

    void keep() {
        marked = false;
        replaced.clear();
    }

    void rollBack() {
        for (Replaced write : replaced.reversed()) {
            byte[] before = write.before();
            if (before == null) {
                write.rows().remove(write.key());
            } else {
                write.rows().put(write.key(), before);
            }
        }
        keep();
    }

    void emit(Mutations batch) {
        for (Family family : Family.values()) {
            rows.get(family.ordinal()).forEach((key, value) -> {
                if (isDeleted(value)) {
                    batch.delete(family, key);
                } else {
                    batch.put(family, key, value);
                }
            });
        }
    }

    @SuppressWarnings("ReferenceEquality") // an empty value is not a deletion
    static boolean isDeleted(byte[] value) {
        return value == DELETED;
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        NavigableMap<byte[], byte[]> own = rows.get(family.ordinal());
        byte[] value = own.isEmpty() ? null : own.get(key);
        if (value == null) {
            return below.get(family, key);
        }
        return isDeleted(value) ? null : value;
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        Cursor beneath = below.ascend(family, lo, hi);
        NavigableMap<byte[], byte[]> own = within(family, lo, hi);
        return own.isEmpty() ? beneath : new OverlayCursor(beneath, own, 1);
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        Cursor beneath = below.descend(family, lo, hi);
        NavigableMap<byte[], byte[]> own = within(family, lo, hi).descendingMap();
        return own.isEmpty() ? beneath : new OverlayCursor(beneath, own, -1);
    }

    private NavigableMap<byte[], byte[]> within(Family family, byte[] lo, byte @Nullable [] hi) {
        NavigableMap<byte[], byte[]> own = rows.get(family.ordinal());
        if (hi == null) {
            return own.tailMap(lo, true);
        }
        return own.subMap(lo, true, Arrays.compareUnsigned(lo, hi) > 0 ? lo : hi, false);
    }
}
