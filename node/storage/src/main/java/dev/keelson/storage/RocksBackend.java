package dev.keelson.storage;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.backend.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The ordered store in RocksDB, one column family per {@link Family}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>RocksDB's own log is off. What a crash leaves is the last flush, and a flush, also one that RocksDB starts by
 *       itself, takes all families at one point.
 *   <li>A damaged block is an exception that names its file, never a value and never the end of a range.
 *   <li>A directory that held a store is never taken for an empty one.
 * </ul>
 *
 * <p>Thread rule: any thread; {@link #close} after everything that was opened from here is closed, or native memory is
 * read after it was given back.
 */
public final class RocksBackend implements Backend {

    private static final String CURRENT = "CURRENT";
    private static final String TABLE_SUFFIX = ".sst";

    private final Path directory;
    private final RocksOptions options;
    private final RocksDB database;
    private final ColumnFamilyHandle[] handles;
    private final int[] familyIds;
    private final List<ColumnFamilyHandle> allHandles;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final ReadOptions latest = new ReadOptions();
    private final ReadOptions flushed = new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER);
    private final AtomicReference<@Nullable BatchEncoder> spareEncoder = new AtomicReference<>();

    private RocksBackend(Path directory, RocksOptions options, RocksDB database, List<ColumnFamilyHandle> allHandles) {
        this.directory = directory;
        this.options = options;
        this.database = database;
        this.allHandles = allHandles;
        Family[] families = Family.values();
        this.handles = new ColumnFamilyHandle[families.length];
        this.familyIds = new int[families.length];
        for (int i = 0; i < families.length; i++) {
            handles[i] = allHandles.get(i + 1);
            familyIds[i] = handles[i].getID();
        }
    }

    /**
     * Opens the store of a directory, or makes a new one.
     *
     * @throws StorageCorruptException when files are damaged or missing
     * @throws StorageException when the disk refuses
     */
    public static RocksBackend open(Path directory, StorageConfig config) {
        NativeLibrary.load();
        boolean create = isNew(directory);
        var options = new RocksOptions(config);
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.defaults()));
        for (Family family : Family.values()) {
            byte[] name = family.diskName().getBytes(StandardCharsets.UTF_8);
            descriptors.add(new ColumnFamilyDescriptor(name, options.family(family)));
        }
        var handles = new ArrayList<ColumnFamilyHandle>();
        try {
            RocksDB database = RocksDB.open(options.database(create), directory.toString(), descriptors, handles);
            return new RocksBackend(directory, options, database, handles);
        } catch (RocksDBException cause) {
            options.close();
            throw create ? RocksErrors.of(directory, cause) : RocksErrors.ofOpen(directory, cause);
        }
    }

    /**
     * Without this check RocksDB would take a directory whose CURRENT file got lost for a new one, and delete the tables
     * in it. A crash while a store is made leaves no CURRENT either, but no tables yet.
     */
    private static boolean isNew(Path directory) {
        try {
            Files.createDirectories(directory);
            Path current = directory.resolve(CURRENT);
            if (Files.exists(current)) {
                ManifestCheck.check(directory, current);
                return false;
            }
            try (Stream<Path> files = Files.list(directory)) {
                if (files.anyMatch(file -> file.toString().endsWith(TABLE_SUFFIX))) {
                    throw new StorageCorruptException(
                            "the store in " + directory + " is damaged: its file " + CURRENT + " is missing", null);
                }
            }
            return true;
        } catch (IOException cause) {
            throw new StorageException("cannot read the directory " + directory + ": " + cause, cause);
        }
    }

    @Override
    public void write(Consumer<Mutations> batch) {
        BatchEncoder spare = spareEncoder.getAndSet(null);
        BatchEncoder encoder = spare == null ? new BatchEncoder(familyIds) : spare;
        try {
            batch.accept(encoder);
            if (!encoder.isEmpty()) {
                write(encoder.serialized());
            }
        } finally {
            encoder.clear();
            spareEncoder.set(encoder);
        }
    }

    private void write(byte[] serialized) {
        try (var batch = new WriteBatch(serialized)) {
            database.write(unlogged, batch);
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }

    @Override
    public Snapshot snapshot() {
        return new RocksSnapshot(this, database.getSnapshot());
    }

    void release(org.rocksdb.Snapshot pinned) {
        database.releaseSnapshot(pinned);
        pinned.close();
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return get(latest, family, key);
    }

    /** The value that a crash at this moment would leave of a row; null when there is none. */
    public byte @Nullable [] getDurable(Family family, byte[] key) {
        return get(flushed, family, key);
    }

    byte @Nullable [] get(ReadOptions readOptions, Family family, byte[] key) {
        try {
            return database.get(handles[family.ordinal()], readOptions, key);
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        return ascend(latest, family, lo, hi);
    }

    Cursor ascend(ReadOptions readOptions, Family family, byte[] lo, byte @Nullable [] hi) {
        return cursor(readOptions, new RocksCursor.Range(handles[family.ordinal()], lo, hi, true));
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        return descend(latest, family, lo, hi);
    }

    Cursor descend(ReadOptions readOptions, Family family, byte[] lo, byte @Nullable [] hi) {
        return cursor(readOptions, new RocksCursor.Range(handles[family.ordinal()], lo, hi, false));
    }

    private Cursor cursor(ReadOptions readOptions, RocksCursor.Range range) {
        return new RocksCursor(directory, database, readOptions, range);
    }

    @Override
    public void flush() {
        try (var waiting = new FlushOptions().setWaitForFlush(true)) {
            database.flush(waiting, allHandles);
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }

    /**
     * Rewrites the tables without what is superseded or deleted, a piece at a time and beside everything else.
     *
     * @param rest runs after each piece, with the nanoseconds that it took; false gives the others up
     * @return whether all of it was done
     */
    public boolean reclaim(LongPredicate rest) {
        return new TableRewriting(directory, database, allHandles, options.pace()).run(rest);
    }

    /** Bytes of all table files. */
    public long tableBytes() {
        try {
            return database.getAggregatedLongProperty("rocksdb.total-sst-files-size");
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }

    /** The tables that make up the store now; others in its directory are leftovers of a crash, or not finished yet. */
    public List<Path> tables() {
        return database.getLiveFilesMetaData().stream()
                .map(file -> directory.resolve(file.fileName().substring(1)))
                .sorted()
                .toList();
    }

    /**
     * Freezes everything written so far as a store of its own in {@code target}, which must not exist yet. Tables are
     * linked, not copied, so target has to lie on the same file system.
     */
    public void checkpoint(Path target) {
        try (var checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        }
    }

    /** Flushes what was written and lets the files go. */
    @Override
    public void close() {
        try {
            allHandles.forEach(ColumnFamilyHandle::close);
            database.closeE();
        } catch (RocksDBException cause) {
            throw RocksErrors.of(directory, cause);
        } finally {
            flushed.close();
            latest.close();
            unlogged.close();
            options.close();
        }
    }
}
