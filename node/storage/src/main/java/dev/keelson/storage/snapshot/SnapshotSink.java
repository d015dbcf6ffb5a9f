package dev.keelson.storage.snapshot;

import dev.keelson.storage.DirectoryTree;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.snapshot.SnapshotManifest.FileSum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream of chunks into a directory and verifies it.
 *
 * <p>Nothing a peer sends is believed: names must be plain, chunks in order, and in the end every file must have the size
 * and checksum that the manifest says, no more files and no fewer. After {@link #complete} all of it is durable; a
 * directory that is not complete is deleted by {@link #close}.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class SnapshotSink implements AutoCloseable {

    private static final int MANIFEST_BYTES_MAX = 64 << 20;

    private final Path directory;
    private final List<FileSum> received = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final ByteArrayOutputStream manifest = new ByteArrayOutputStream();
    private final CRC32C crc = new CRC32C();
    private @Nullable FileChannel channel;
    private String file = "";
    private long offset;
    private boolean last;
    private boolean complete;

    private SnapshotSink(Path directory) {
        this.directory = directory;
    }

    /** Starts receiving into {@code directory}, which must not exist yet. */
    public static SnapshotSink open(Path directory) {
        try {
            DirectoryTree.delete(directory);
            DirectoryTree.create(directory);
            return new SnapshotSink(directory);
        } catch (IOException cause) {
            throw failed(directory, cause);
        }
    }

    /**
     * Takes the next chunk, in the order they were sent.
     *
     * @throws SnapshotRefusedException when it is not the next chunk of a snapshot
     */
    public void accept(SnapshotChunk chunk) {
        if (last) {
            throw refused(chunk, "it follows the last one");
        }
        if (chunk.bytes().length > SnapshotChunk.BYTES_MAX) {
            throw refused(chunk, "it is larger than " + SnapshotChunk.BYTES_MAX + " bytes");
        }
        try {
            if (chunk.file().equals(SnapshotChunk.MANIFEST)) {
                acceptManifest(chunk);
            } else {
                acceptFile(chunk);
            }
        } catch (IOException cause) {
            throw failed(directory, cause);
        }
    }

    private void acceptFile(SnapshotChunk chunk) throws IOException {
        if (chunk.last() || manifest.size() > 0) {
            throw refused(chunk, "a file may not come after the list of files");
        }
        FileChannel open = channel;
        if (open == null || !chunk.file().equals(file)) {
            open = nextFile(chunk);
        }
        if (chunk.offset() != offset) {
            throw refused(chunk, "offset " + offset + " comes next");
        }
        crc.update(chunk.bytes());
        var source = ByteBuffer.wrap(chunk.bytes());
        while (source.hasRemaining()) {
            open.write(source, offset + source.position());
        }
        offset += chunk.bytes().length;
    }

    private FileChannel nextFile(SnapshotChunk chunk) throws IOException {
        finishFile();
        if (!SnapshotManifest.isName(chunk.file())) {
            throw refused(chunk, "it is no plain file name");
        }
        if (!names.add(chunk.file())) {
            throw refused(chunk, "the file was complete already");
        }
        file = chunk.file();
        offset = 0;
        crc.reset();
        FileChannel open =
                FileChannel.open(directory.resolve(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel = open;
        return open;
    }

    private void finishFile() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.force(true);
            open.close();
            channel = null;
            received.add(new FileSum(file, offset, (int) crc.getValue()));
        }
    }

    private void acceptManifest(SnapshotChunk chunk) throws IOException {
        finishFile();
        if (chunk.offset() != manifest.size() || manifest.size() > MANIFEST_BYTES_MAX) {
            throw refused(chunk, "offset " + manifest.size() + " of the list of files comes next");
        }
        manifest.write(chunk.bytes());
        last = chunk.last();
    }

    /**
     * Verifies that everything has come, makes it durable and returns the directory.
     *
     * @throws SnapshotRefusedException when something is missing or damaged
     */
    public Path complete() {
        if (!last) {
            throw new SnapshotRefusedException("the snapshot ends too early, after " + received.size() + " files");
        }
        SnapshotManifest expected = SnapshotManifest.decode(manifest.toByteArray());
        if (!expected.files().equals(received)) {
            throw new SnapshotRefusedException(
                    "the snapshot's files are not as they were sent: " + differences(expected.files(), received));
        }
        try {
            DirectoryTree.sync(directory);
            DirectoryTree.syncParent(directory);
        } catch (IOException cause) {
            throw failed(directory, cause);
        }
        complete = true;
        return directory;
    }

    private static String differences(List<FileSum> expected, List<FileSum> received) {
        var missing = new ArrayList<>(expected);
        missing.removeAll(received);
        var unexpected = new ArrayList<>(received);
        unexpected.removeAll(expected);
        return "sent " + missing + ", received " + unexpected;
    }

    /** Deletes what was received, unless it is {@link #complete}. */
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
            if (!complete) {
                DirectoryTree.delete(directory);
            }
        } catch (IOException cause) {
            throw failed(directory, cause);
        }
    }

    private static SnapshotRefusedException refused(SnapshotChunk chunk, String why) {
        return new SnapshotRefusedException(
                "snapshot chunk of file '" + chunk.file() + "' at offset " + chunk.offset() + " is refused: " + why);
    }

    private static StorageException failed(Path directory, IOException cause) {
        return new StorageException("cannot receive a snapshot into " + directory + ": " + cause, cause);
    }
}
