package dev.keelson.log.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The port to the directory tree that holds consensus data; a simulated disk implements it too.
 *
 * <p>Created, renamed and deleted names are durable only after {@link #syncDirectory} of their parent; written bytes
 * only after {@link File#sync}. Everything else may be lost, in any part, at a crash.
 */
public interface FileSystem {

    /** Creates the directory and its parents where they are missing. */
    void createDirectories(Path directory) throws IOException;

    /** The names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    boolean exists(Path path) throws IOException;

    /** Creates and opens an empty file; fails when the name exists. */
    File create(Path path) throws IOException;

    /** Opens an existing file for reading and writing. */
    File open(Path path) throws IOException;

    /** Renames a file or directory, replacing a file of the new name atomically. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;
}
