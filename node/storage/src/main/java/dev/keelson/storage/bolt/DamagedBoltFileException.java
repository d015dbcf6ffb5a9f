package dev.keelson.storage.bolt;

import java.nio.file.Path;

/** A file is not bbolt's, or is damaged; the message names the file, the page and what is wrong with it. */
public final class DamagedBoltFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DamagedBoltFileException(Path file, String what) {
        super("file " + file + " cannot be read: " + what);
    }

    DamagedBoltFileException(Path file, long page, String what) {
        super("file " + file + " is damaged at page " + Long.toUnsignedString(page) + ": " + what);
    }
}
