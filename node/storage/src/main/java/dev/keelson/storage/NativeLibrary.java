package dev.keelson.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library, once.
 *
 * <p>The jar carries the library of every platform and unpacks the right one into the temporary directory, which costs a
 * tenth of a second and a writable directory at every start. A distribution unpacks it once and names the directory in
 * the system property {@value #DIRECTORY_PROPERTY}.
 */
final class NativeLibrary {

    static final String DIRECTORY_PROPERTY = "keelson.native.dir";

    static {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        if (directory != null
                && Files.isRegularFile(Path.of(directory, Environment.getJniLibraryFileName("rocksdb")))) {
            RocksDB.loadLibrary(List.of(directory));
        } else {
            RocksDB.loadLibrary();
        }
    }

    private NativeLibrary() {}

    static void load() {
        // The class initializer has done it.
    }
}
