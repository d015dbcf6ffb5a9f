package dev.keelson.storage.snapshot;

import dev.keelson.storage.DirectoryTree;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.snapshot.SnapshotManifest.FileSum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a checkpoint as a stream of chunks: its files one after the other, then the manifest.
 *
 * <p>Owns the checkpoint: {@link #close} deletes it. One chunk is in memory at a time.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class SnapshotSource implements Iterator<SnapshotChunk>, AutoCloseable {

    private final Path directory;
    private final List<Path> files;
    private final long sizeBytes;
    private final List<FileSum> sums = new ArrayList<>();
    private final CRC32C crc = new CRC32C();
    private @Nullable FileChannel channel;
    private byte @Nullable [] manifest;
    private int at;
    private long offset;
    private boolean done;

    private SnapshotSource(Path directory, List<Path> files, long sizeBytes) {
        this.directory = directory;
        this.files = files;
        this.sizeBytes = sizeBytes;
    }

    /** Opens the checkpoint in {@code directory}. */
    public static SnapshotSource open(Path directory) {
        try (Stream<Path> listed = Files.list(directory)) {
            List<Path> files = listed.filter(Files::isRegularFile).sorted().toList();
            long sizeBytes = 0;
            for (Path file : files) {
                sizeBytes += Files.size(file);
            }
            return new SnapshotSource(directory, files, sizeBytes);
        } catch (IOException cause) {
            throw new StorageException("cannot read the checkpoint " + directory + ": " + cause, cause);
        }
    }

    /** Bytes of all files together. */
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean hasNext() {
        return !done;
    }

    @Override
    public SnapshotChunk next() {
        if (done) {
            throw new NoSuchElementException("the snapshot was read to its end");
        }
        try {
            return at < files.size() ? nextOfFile(files.get(at)) : nextOfManifest();
        } catch (IOException cause) {
            throw new StorageException("cannot read the checkpoint " + directory + ": " + cause, cause);
        }
    }

    private SnapshotChunk nextOfFile(Path file) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(file);
            channel = open;
            crc.reset();
            offset = 0;
        }
        byte[] bytes = new byte[(int) Math.min(SnapshotChunk.BYTES_MAX, open.size() - offset)];
        var target = ByteBuffer.wrap(bytes);
        while (target.hasRemaining()) {
            if (open.read(target, offset + target.position()) < 0) {
                throw new IOException(file + " became shorter while it was read");
            }
        }
        crc.update(bytes);
        String name = file.getFileName().toString();
        var chunk = new SnapshotChunk(name, offset, bytes, false);
        offset += bytes.length;
        if (offset >= open.size()) {
            sums.add(new FileSum(name, offset, (int) crc.getValue()));
            open.close();
            channel = null;
            at++;
            offset = 0;
        }
        return chunk;
    }

    private SnapshotChunk nextOfManifest() {
        byte[] bytes = manifest;
        if (bytes == null) {
            bytes = new SnapshotManifest(sums).encode();
            manifest = bytes;
            offset = 0;
        }
        int end = (int) Math.min(bytes.length, offset + SnapshotChunk.BYTES_MAX);
        done = end == bytes.length;
        var chunk =
                new SnapshotChunk(SnapshotChunk.MANIFEST, offset, Arrays.copyOfRange(bytes, (int) offset, end), done);
        offset = end;
        return chunk;
    }

    /** Ends reading, wherever it is, and deletes the checkpoint. */
    @Override
    public void close() {
        done = true;
        try {
            if (channel != null) {
                channel.close();
            }
            DirectoryTree.delete(directory);
        } catch (IOException cause) {
            throw new StorageException("cannot delete the checkpoint " + directory + ": " + cause, cause);
        }
    }
}
