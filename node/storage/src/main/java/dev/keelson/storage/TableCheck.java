package dev.keelson.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/**
 * Reads every block of a store's tables and checks it, about a gigabyte a second.
 *
 * <p>It opens the tables itself, so the store may be in use, be replaced or be closed meanwhile; a table that is gone by
 * then is passed over.
 *
 * <p>Thread rule: any thread.
 */
public final class TableCheck {

    private TableCheck() {}

    /**
     * Checks {@code tables} until {@code stopped}.
     *
     * @throws StorageCorruptException naming the file of the first damaged block
     */
    public static void run(List<Path> tables, BooleanSupplier stopped) {
        for (Path table : tables) {
            if (stopped.getAsBoolean()) {
                return;
            }
            check(table);
        }
    }

    private static void check(Path table) {
        try (var options = new Options();
                var reader = new SstFileReader(options)) {
            reader.open(table.toString());
            reader.verifyChecksum();
        } catch (RocksDBException cause) {
            if (Files.exists(table)) {
                throw RocksErrors.of(Objects.requireNonNull(table.getParent()), cause);
            }
        }
    }
}
