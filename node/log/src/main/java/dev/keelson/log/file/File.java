package dev.keelson.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link FileSystem}.
 *
 * <p>Thread rule: one writer; reads at other positions may run beside it.
 */
public interface File extends AutoCloseable {

    /** The present size in bytes, preallocated space included. */
    long size() throws IOException;

    /** Reads into all of {@code target} from {@code position}; returns the bytes read, fewer only at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all of {@code source} at {@code position}, growing the file where needed. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Reserves zeroed space up to {@code size} bytes, so that later writes need not change the file's size. */
    void preallocate(long size) throws IOException;

    /** Cuts the file to {@code size} bytes. */
    void truncate(long size) throws IOException;

    /**
     * Makes all bytes written before this call durable (as fdatasync does). After a failure nothing is known about any
     * of them: the caller must not try again.
     */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
