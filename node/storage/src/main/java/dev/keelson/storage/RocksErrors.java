package dev.keelson.storage;

import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns what RocksDB throws into what the callers of the store know. */
final class RocksErrors {

    private RocksErrors() {}

    /** The error of a call on an open store. */
    static RuntimeException of(Path directory, RocksDBException cause) {
        return isCorruption(cause) ? corrupt(directory, cause) : refused(directory, cause);
    }

    /** The error of opening a store that existed: files that are missing or make no sense are damage, too. */
    static RuntimeException ofOpen(Path directory, RocksDBException cause) {
        return isCorruption(cause) || lacksFile(cause) ? corrupt(directory, cause) : refused(directory, cause);
    }

    private static boolean isCorruption(RocksDBException cause) {
        Status status = cause.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    private static boolean lacksFile(RocksDBException cause) {
        Status status = cause.getStatus();
        if (status == null) {
            return false;
        }
        return switch (status.getCode()) {
            case NotFound, InvalidArgument, NotSupported -> true;
            case IOError -> String.valueOf(cause.getMessage()).contains("No such file");
            case Ok, Corruption, MergeInProgress, Incomplete, ShutdownInProgress, TimedOut -> false;
            case Aborted, Busy, Expired, TryAgain, Undefined -> false;
        };
    }

    private static StorageCorruptException corrupt(Path directory, RocksDBException cause) {
        return new StorageCorruptException(
                "the store in " + directory + " is damaged: " + cause.getMessage()
                        + "; remove this member from the cluster and add it anew with an empty data directory",
                cause);
    }

    private static StorageException refused(Path directory, RocksDBException cause) {
        return new StorageException("the store in " + directory + " failed: " + cause.getMessage(), cause);
    }
}
