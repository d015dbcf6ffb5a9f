package dev.keelson.storage;

import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native library, once.
 *
 * <p>The jar carries the library of every platform and unpacks the right one into the temporary directory, which costs a
 * tenth of a second and a writable directory at every start. A distribution unpacks it once and names the directory in
 * {@code java.library.path}, where RocksDB looks first.
 */
final class NativeLibrary {

    static {
        RocksDB.loadLibrary();
    }

    private NativeLibrary() {}

    static void load() {
        // The class initializer has done it.
    }
}
