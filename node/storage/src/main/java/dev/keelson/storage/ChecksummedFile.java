package dev.keelson.storage;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import dev.keelson.log.file.NioFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A small text file that is replaced as a whole and ends with a checksum of its lines.
 *
 * <p>A crash leaves the old file or the new one. The new one is written under another name and synced, then renamed over
 * the old, and the directory is synced; before that last step nothing may rely on it.
 */
final class ChecksummedFile {

    private static final String CHECKSUM = "checksum ";
    private static final String UNFINISHED = ".tmp";

    private final FileSystem files = new NioFileSystem();
    private final Path path;
    private final Path unfinished;

    ChecksummedFile(Path path) {
        this.path = path;
        this.unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** The lines without the checksum. */
    List<String> read() throws IOException {
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(CHECKSUM);
        if (at < 0 || !text.substring(at).equals(checksumLine(text.substring(0, at)))) {
            throw damaged("its checksum does not match its lines");
        }
        return text.substring(0, at).lines().toList();
    }

    /** Replaces the file; durable when it returns. */
    void write(List<String> lines) throws IOException {
        String text = String.join("\n", lines) + "\n";
        byte[] bytes = (text + checksumLine(text)).getBytes(StandardCharsets.ISO_8859_1);
        Files.deleteIfExists(unfinished);
        try (File file = files.create(unfinished)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.sync();
        }
        files.rename(unfinished, path);
        DirectoryTree.syncParent(path);
    }

    StorageCorruptException damaged(String why) {
        return new StorageCorruptException("file " + path + " is damaged: " + why, null);
    }

    private static String checksumLine(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return CHECKSUM + String.format("%08x", crc.getValue()) + "\n";
    }
}
