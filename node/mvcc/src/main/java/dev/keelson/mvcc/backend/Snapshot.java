package dev.keelson.mvcc.backend;

/**
 * A pinned state of the backend: later writes are not seen.
 *
 * <p>Thread rule: any number of threads may read at once; {@link #close} comes after the last of them.
 */
public interface Snapshot extends Reader, AutoCloseable {

    @Override
    void close();
}
