package dev.keelson.log;

import java.nio.file.Path;

/** A part of the log that had been durable is damaged or gone: the member must neither vote nor acknowledge. */
public final class CorruptLogException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final long offset;

    CorruptLogException(Path file, long offset, String reason) {
        super("log file " + file + " is corrupt at offset " + offset + ": " + reason);
        this.file = file;
        this.offset = offset;
    }

    public Path file() {
        return file;
    }

    /** Where in the file, in bytes. */
    public long offset() {
        return offset;
    }
}
