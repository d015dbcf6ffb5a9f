package dev.keelson.log;

import dev.keelson.log.file.File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An open segment file.
 *
 * <p>Thread rule: the owner of the log guards {@link #acquire}, {@link #release} and {@link #retire} with its monitor.
 */
final class Segment {

    private final Path path;
    private final File file;
    private final long sequence;
    private final long base;
    private final long salt;
    private long end;
    private int readers;
    private boolean retired;

    Segment(Path path, File file, long sequence, long base, long salt) {
        this.path = path;
        this.file = file;
        this.sequence = sequence;
        this.base = base;
        this.salt = salt;
    }

    Path path() {
        return path;
    }

    File file() {
        return file;
    }

    /** Consecutive numbers tell the order of the segments. */
    long sequence() {
        return sequence;
    }

    /** The position of the file's first byte. */
    long base() {
        return base;
    }

    long salt() {
        return salt;
    }

    /** The offset where the next record goes; read and written by the log's writer only. */
    long end() {
        return end;
    }

    void end(long offset) {
        end = offset;
    }

    /** Keeps the file open until {@link #release}. */
    void acquire() {
        readers++;
    }

    void release() {
        readers--;
        closeWhenUnused();
    }

    /** Closes the file as soon as nobody reads it. */
    void retire() {
        retired = true;
        closeWhenUnused();
    }

    private void closeWhenUnused() {
        if (retired && readers == 0) {
            try {
                file.close();
            } catch (IOException _) {
                // What had to be durable was synced; nothing is lost with the handle.
                retired = true;
            }
        }
    }
}
