package dev.keelson.mvcc.backend;

import java.util.function.Consumer;

/**
 * The port to the ordered store under the revisioned one: RocksDB on a disk, a sorted map in a simulation.
 *
 * <p>A write is atomic over all families and visible to every read that begins after it returned. It is not durable
 * when it returns: after a crash the backend comes back as it was after some earlier write, never between two and never
 * with a later one present and an earlier one missing. {@link #flush} makes all writes so far durable.
 *
 * <p>Thread rule: {@link #write} may be called from several threads; each batch is atomic, their order is the order of
 * the calls' returns.
 */
public interface Backend extends Reader, AutoCloseable {

    /** Applies the mutations that {@code batch} emits as one atomic batch. */
    void write(Consumer<Mutations> batch);

    /** Pins the present state. */
    Snapshot snapshot();

    /** Makes everything written so far durable, all families at one point. */
    void flush();

    @Override
    void close();
}
