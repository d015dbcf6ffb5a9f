package dev.keelson.server.peer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The port to the files of a snapshot that is to be sent; read by one thread, which may block. */
public interface SnapshotSource extends AutoCloseable {

    /** The next piece, files one after another, pieces of a file in order; null at the end. */
    @Nullable
    SnapshotChunk next() throws IOException;

    /** Gives the files up, whether all were read or not. */
    @Override
    void close();
}
