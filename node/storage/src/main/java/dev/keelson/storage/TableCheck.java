package dev.keelson.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/**
 * Reads every block of every table of a store and checks it, about a gigabyte a second.
 *
 * <p>It opens the tables itself, so the store may be in use, be replaced or be closed meanwhile; a table that is gone by
 * then is passed over.
 *
 * <p>Thread rule: any thread.
 */
public final class TableCheck {

    private static final String TABLE_SUFFIX = ".sst";

    private TableCheck() {}

    /**
     * Checks the tables in {@code directory} until {@code stopped}.
     *
     * @throws StorageCorruptException naming the file of the first damaged block
     */
    public static void run(Path directory, BooleanSupplier stopped) {
        for (Path table : tables(directory)) {
            if (stopped.getAsBoolean()) {
                return;
            }
            check(directory, table);
        }
    }

    private static List<Path> tables(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(TABLE_SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException cause) {
            throw new StorageException("listing " + directory, cause);
        }
    }

    private static void check(Path directory, Path table) {
        try (var options = new Options();
                var reader = new SstFileReader(options)) {
            reader.open(table.toString());
            reader.verifyChecksum();
        } catch (RocksDBException cause) {
            if (Files.exists(table)) {
                throw RocksErrors.of(directory, cause);
            }
        }
    }
}
