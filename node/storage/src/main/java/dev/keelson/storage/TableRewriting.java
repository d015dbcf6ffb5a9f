package dev.keelson.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Rewrites the tables of a store without what is superseded or deleted.
 *
 * <p>It goes through each family in ranges of about {@link #PIECE_BYTES} and merges one at a time down to the lowest level.
 * Between two of them RocksDB's own compactions get their turn: were they kept out for as long as a whole family takes,
 * flushes would pile up and writes be held back. What they write in their turn tells how much to leave them.
 *
 * <p>Thread rule: one thread, beside any others that use the store.
 */
final class TableRewriting {

    private static final long PIECE_BYTES = 128L << 20;

    /** Before the first piece there was no rest in which to see what writers need. */
    private static final long FIRST_LOOK_NANOS = 200_000_000;

    private final Path directory;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> families;
    private final DiskPace pace;

    /** @param lo the lowest key, null for all below; {@code hi} the highest one, null for all above */
    private record Piece(byte @Nullable [] lo, byte @Nullable [] hi) {}

    TableRewriting(Path directory, RocksDB database, List<ColumnFamilyHandle> families, DiskPace pace) {
        this.directory = directory;
        this.database = database;
        this.families = families;
        this.pace = pace;
    }

    boolean run(LongPredicate rest) {
        DiskPace.Mark resting = pace.mark();
        if (!rest.test(FIRST_LOOK_NANOS)) {
            return false;
        }
        for (ColumnFamilyHandle family : families) {
            for (Piece piece : pieces(family)) {
                pace.limit(resting);
                long began = System.nanoTime();
                try {
                    rewrite(family, piece);
                } finally {
                    pace.lift();
                }
                resting = pace.mark();
                if (!rest.test(System.nanoTime() - began)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void rewrite(ColumnFamilyHandle family, Piece piece) {
        // Tables of the lowest level that nothing above reaches into have nothing to give back and are left alone.
        try (var options = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
            database.compactRange(family, piece.lo(), piece.hi(), options);
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }

    /** The keys of a family in ranges that follow the bounds of its lowest tables. */
    private List<Piece> pieces(ColumnFamilyHandle family) {
        byte[] name = name(family);
        List<LiveFileMetaData> tables = database.getLiveFilesMetaData().stream()
                .filter(table -> Arrays.equals(table.columnFamilyName(), name))
                .toList();
        int lowest = tables.stream().mapToInt(LiveFileMetaData::level).max().orElse(0);
        List<LiveFileMetaData> bounds = tables.stream()
                .filter(table -> table.level() == lowest)
                .sorted(Comparator.comparing(LiveFileMetaData::smallestKey, Arrays::compareUnsigned))
                .toList();
        var pieces = new ArrayList<Piece>();
        byte[] lo = null;
        long bytes = 0;
        for (LiveFileMetaData table : bounds) {
            bytes += table.size();
            if (bytes >= PIECE_BYTES) {
                pieces.add(new Piece(lo, table.largestKey()));
                lo = table.largestKey();
                bytes = 0;
            }
        }
        pieces.add(new Piece(lo, null));
        return pieces;
    }

    private byte[] name(ColumnFamilyHandle family) {
        try {
            return family.getName();
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }
}
