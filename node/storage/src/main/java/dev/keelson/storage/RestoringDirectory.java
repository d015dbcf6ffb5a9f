package dev.keelson.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A data directory while a store and a log are made for it that no member has written.
 *
 * <p>Thread rule: one thread.
 */
public final class RestoringDirectory implements AutoCloseable {

    /*
     * What a crash leaves.
     *
     * 1. Store and log are made in restoring/. A crash leaves a directory without identity that holds something: no
     *    member starts there, and the next restore clears it.
     * 2. Both are moved to their places. A crash leaves data without identity, which every member refuses, and
     *    restoring/, by which the next restore knows that it may clear it.
     * 3. The identity is written. This is the decision: from here on the directory is a member's.
     * 4. restoring/, empty now, is deleted. One that a crash leaves does no harm beside an identity.
     */

    private static final String RESTORING = "restoring";

    /** What may be there without being anybody's data. */
    private static final Set<String> HARMLESS = Set.of(StoreDirectory.LOCK, "lost+found");

    private final Path root;
    private final FileChannel lock;
    private boolean complete;

    private RestoringDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes an empty or missing directory, or one that a restore before this one did not complete.
     *
     * @throws StorageException when it holds anything else
     */
    public static RestoringDirectory begin(Path dataDirectory) {
        Path root = dataDirectory.toAbsolutePath().normalize();
        FileChannel lock = null;
        try {
            DirectoryTree.create(root);
            requireFree(root);
            lock = StoreDirectory.lock(root);
            requireFree(root);
            var directory = new RestoringDirectory(root, lock);
            directory.clear();
            DirectoryTree.create(directory.place());
            DirectoryTree.sync(root);
            return directory;
        } catch (IOException cause) {
            StoreDirectory.release(lock);
            throw failed(root, cause);
        } catch (RuntimeException refused) {
            StoreDirectory.release(lock);
            throw refused;
        }
    }

    private static void requireFree(Path root) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(root)) {
            names = files.map(file -> file.getFileName().toString()).toList();
        }
        boolean interrupted = names.contains(RESTORING) && !names.contains(IdentityFile.NAME);
        if (!interrupted && !HARMLESS.containsAll(names)) {
            throw new StorageException("data-dir \"" + root + "\" not empty or could not be read");
        }
    }

    private void clear() throws IOException {
        DirectoryTree.delete(root.resolve(StoreDirectory.WAL));
        DirectoryTree.delete(root.resolve(StoreDirectory.DB));
        DirectoryTree.delete(place());
    }

    private Path place() {
        return root.resolve(RESTORING);
    }

    /** Where to make the log. */
    public Path wal() {
        return place().resolve(StoreDirectory.WAL);
    }

    /** Where to make the store. */
    public Path db() {
        return place().resolve(StoreDirectory.DB);
    }

    /** Makes the directory a member's, with the store and the log that were made, which must be closed. */
    public void complete(Identity owner) {
        try {
            DirectoryTree.sync(wal());
            DirectoryTree.sync(db());
            Files.move(wal(), root.resolve(StoreDirectory.WAL), StandardCopyOption.ATOMIC_MOVE);
            Files.move(db(), root.resolve(StoreDirectory.DB), StandardCopyOption.ATOMIC_MOVE);
            DirectoryTree.sync(root);
            new IdentityFile(root).write(owner);
            complete = true;
            DirectoryTree.delete(place());
            DirectoryTree.sync(root);
        } catch (IOException cause) {
            throw failed(root, cause);
        }
    }

    private static StorageException failed(Path root, IOException cause) {
        return new StorageException("cannot restore into " + root + ": " + cause, cause);
    }

    /** Lets the directory go; clears it unless it is {@link #complete}. */
    @Override
    public void close() {
        try {
            if (!complete) {
                clear();
            }
        } catch (IOException cause) {
            throw failed(root, cause);
        } finally {
            StoreDirectory.release(lock);
        }
    }
}
