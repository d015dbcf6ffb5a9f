package dev.keelson.storage;

import dev.keelson.mvcc.backend.Cursor;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * A RocksDB iterator within bounds, and the native objects that it leans on.
 *
 * <p>The bounds are given to RocksDB, so that it does not read blocks beyond them.
 */
final class RocksCursor implements Cursor {

    private final Path directory;
    private final ReadOptions options;
    private final @Nullable Slice lower;
    private final @Nullable Slice upper;
    private final RocksIterator iterator;
    private final boolean ascending;
    private boolean valid;

    /** A range of one family. */
    record Range(ColumnFamilyHandle family, byte[] lo, byte @Nullable [] hi, boolean ascending) {

        boolean isEmpty() {
            return hi != null && java.util.Arrays.compareUnsigned(lo, hi) >= 0;
        }
    }

    RocksCursor(Path directory, RocksDB database, ReadOptions base, Range range) {
        this.directory = directory;
        this.ascending = range.ascending();
        this.options = new ReadOptions(base);
        byte[] hi = range.hi();
        this.upper = hi == null ? null : new Slice(hi);
        if (upper != null) {
            options.setIterateUpperBound(upper);
        }
        this.lower = ascending || range.lo().length == 0 ? null : new Slice(range.lo());
        if (lower != null) {
            options.setIterateLowerBound(lower);
        }
        this.iterator = database.newIterator(range.family(), options);
        if (range.isEmpty()) {
            return;
        }
        if (ascending) {
            iterator.seek(range.lo());
        } else {
            iterator.seekToLast();
        }
        settle();
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void next() {
        checkValid();
        if (ascending) {
            iterator.next();
        } else {
            iterator.prev();
        }
        settle();
    }

    @Override
    public byte[] key() {
        checkValid();
        return iterator.key();
    }

    @Override
    public byte[] value() {
        checkValid();
        return iterator.value();
    }

    /** An iterator also stops being valid where it cannot read on, which must not look like the end. */
    private void settle() {
        valid = iterator.isValid();
        if (!valid) {
            try {
                iterator.status();
            } catch (RocksDBException cause) {
                throw RocksErrors.of(directory, cause);
            }
        }
    }

    private void checkValid() {
        if (!valid) {
            throw new IllegalStateException("the cursor stands behind its last row");
        }
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        if (lower != null) {
            lower.close();
        }
        if (upper != null) {
            upper.close();
        }
    }
}
