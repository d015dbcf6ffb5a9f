package dev.keelson.backup.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A place for objects: a directory, or a bucket.
 *
 * <p>Invariants: an object is there whole or not at all, whatever becomes of the process that puts it; what is there is
 * never overwritten; what has been put is listed and read by whoever asks next. No call needs memory by the size of an
 * object.
 *
 * <p>Names are words of letters, digits, dots, dashes and underscores, with slashes between them; {@link ObjectNames}
 * checks them.
 *
 * <p>Thread rule: any thread.
 */
public interface BackupStore extends AutoCloseable {

    /** What an object is to hold. A store that has to begin again calls it again, and gets the same bytes. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** An object that is there. */
    record StoredObject(String name, long bytes) {}

    /**
     * Puts an object, which is durable when this returns.
     *
     * @throws StoreException of kind {@code EXISTS} when there is one of that name already, which stays as it is
     */
    void put(String name, Content content);

    /**
     * Reads an object from a byte on. Failures on the way are {@link IOException}s of the stream.
     *
     * @param from 0 for the beginning; not behind the end
     * @throws StoreException of kind {@code MISSING} when there is none
     */
    InputStream get(String name, long from);

    /** Reads an object from its beginning. */
    default InputStream get(String name) {
        return get(name, 0);
    }

    /** The objects whose names begin with that prefix, in the order of their names. */
    List<StoredObject> list(String prefix);

    /**
     * Removes an object; one that is not there is none to remove.
     *
     * @throws StoreException of kind {@code REFUSED} when the store keeps it, as immutable buckets do
     */
    void delete(String name);

    /** How people call the place. */
    String describe();

    @Override
    void close();
}
