package dev.keelson.storage.bolt;

import dev.keelson.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file of bbolt in one pass, from buckets and keys that come in their order.
 *
 * <p>The file has no list of free pages, as etcd's have none, and no free pages. It is not one of bbolt's before {@link
 * #finish}: its metas are written last.
 *
 * <p>Thread rule: one thread.
 */
public final class BoltWriter implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private final PageOutput out;
    private final TreeWriter root;

    private BoltWriter(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        this.out = new PageOutput(channel);
        this.root = new TreeWriter(out);
    }

    /** Receives the elements of one bucket in the order of their keys. */
    public interface Elements {
        void put(byte[] key, byte[] value);
    }

    /** Puts the elements of one bucket. */
    public interface Content {
        void writeTo(Elements elements);
    }

    /** Begins a file, which must not exist yet. */
    public static BoltWriter create(Path path) {
        try {
            return new BoltWriter(
                    path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException cause) {
            throw failed(path, cause);
        }
    }

    /** Writes the next bucket; names must rise. */
    public void bucket(byte[] name, Content content) {
        var tree = new TreeWriter(out);
        content.writeTo((key, value) -> guarded(() -> tree.add(0, key, value)));
        guarded(() -> root.add(Layout.BUCKET_ELEMENT, name, tree.finishBucket()));
    }

    /** Completes the file; returns its bytes. */
    public long finish() {
        long[] bytes = new long[1];
        guarded(() -> bytes[0] = out.finish(root.finish()));
        return bytes[0];
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (IOException cause) {
            throw failed(path, cause);
        }
    }

    private static StorageException failed(Path path, IOException cause) {
        return new StorageException("cannot write " + path + ": " + cause, cause);
    }

    @Override
    public void close() {
        guarded(channel::close);
    }
}
