package dev.keelson.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data directory of a member, held by one process at a time.
 *
 * <pre>
 * LOCK       locked while a process runs here
 * identity   whose data this is
 * peers      the incarnations of the other members that were seen
 * wal/       the Raft log
 * db/        the store
 * db.next/   a snapshot that takes the place of db/, between two renames
 * db.old/    what db/ was before, until it is deleted
 * incoming/  snapshots being received
 * outgoing/  checkpoints being sent
 * </pre>
 *
 * <p>Thread rule: any thread; {@link #install} while nobody uses {@link #db}.
 */
public final class StoreDirectory implements AutoCloseable {

    /*
     * How a received snapshot takes the place of the store, and what a crash leaves.
     *
     * 1. The snapshot lies in incoming/, every file of it synced and its checksums verified.
     * 2. It is renamed to db.next and the root is synced. This is the decision: a crash before it leaves the old store
     *    (incoming/ is emptied at the next open), a crash after it leaves the new one.
     * 3. db is renamed to db.old, then db.next to db, and the root is synced. A rename cannot replace a directory that
     *    has something in it, so this takes two; while db.next exists they are simply done again at the next open.
     * 4. db.old is deleted. One that is found without a db.next is a leftover of this step.
     *
     * So at most one of db and db.next counts, db.next if there is one, and neither is ever half of a store.
     */

    static final String LOCK = "LOCK";
    static final String WAL = "wal";
    static final String DB = "db";
    private static final String DB_NEXT = "db.next";
    private static final String DB_OLD = "db.old";
    private static final String INCOMING = "incoming";
    private static final String OUTGOING = "outgoing";

    /** Where a member keeps the certificates that it makes for itself; it needs them to ask who it is. */
    private static final String CERTIFICATES = "fixtures";

    /** What may lie in a directory that is not ours yet: a fresh volume, or a first start that was cut short. */
    private static final Set<String> HARMLESS = Set.of(LOCK, CERTIFICATES, IdentityFile.NAME + ".tmp", "lost+found");

    private final Path root;
    private final FileChannel lock;
    private final IdentityFile identityFile;
    private final PeersFile peers;
    private final AtomicLong names = new AtomicLong();
    private volatile @Nullable Identity identity;

    private StoreDirectory(Path root, FileChannel lock) throws IOException {
        this.root = root;
        this.lock = lock;
        this.identityFile = new IdentityFile(root);
        this.identity = identityFile.read();
        if (identity == null) {
            refuseForeign(root);
        }
        this.peers = new PeersFile(root);
        DirectoryTree.delete(root.resolve(INCOMING));
        DirectoryTree.delete(root.resolve(OUTGOING));
        finishInstall();
    }

    /**
     * Locks and checks the directory, makes it when missing, and finishes or clears what a crash left half done.
     *
     * @throws StorageException when another process holds it, it is not a member's, or the disk refuses
     * @throws StorageCorruptException when a file of it is damaged
     */
    public static StoreDirectory open(Path dataDirectory) {
        Path root = dataDirectory.toAbsolutePath().normalize();
        FileChannel lock = null;
        try {
            DirectoryTree.create(root);
            // Before the lock, which would be a file in somebody else's directory.
            if (!Files.exists(root.resolve(IdentityFile.NAME))) {
                refuseForeign(root);
            }
            lock = lock(root);
            return new StoreDirectory(root, lock);
        } catch (IOException cause) {
            release(lock);
            throw new StorageException(
                    "cannot use the data directory " + root + ": " + cause
                            + "; it must be a directory that this process may read and write",
                    cause);
        } catch (RuntimeException refused) {
            release(lock);
            throw refused;
        }
    }

    static FileChannel lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // This very process holds it, which is no better than another.
            channel.close();
            throw inUse(root);
        }
        channel.close();
        throw inUse(root);
    }

    private static StorageException inUse(Path root) {
        return new StorageException("the data directory " + root
                + " is in use by another process; stop that one or choose another data directory");
    }

    static void release(@Nullable FileChannel lock) {
        if (lock == null) {
            return;
        }
        try {
            lock.close();
        } catch (IOException cause) {
            throw new StorageException("cannot release the lock of the data directory: " + cause, cause);
        }
    }

    private static void refuseForeign(Path root) throws IOException {
        List<String> names = names(root);
        if (names.contains(WAL) || names.contains(DB)) {
            throw new StorageCorruptException(
                    "file " + root.resolve(IdentityFile.NAME) + " is missing, though the directory holds data", null);
        }
        for (String name : names) {
            if (!HARMLESS.contains(name)) {
                throw new StorageException("the data directory " + root + " holds '" + name
                        + "' and is not a member's; choose an empty directory");
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Whose data this is; null for a directory that was never initialized. */
    public @Nullable Identity identity() {
        return identity;
    }

    /** Makes the directory this member's, durably; only for one without identity. */
    public void initialize(Identity owner) {
        if (identity != null) {
            throw new IllegalStateException("the data directory " + root + " belongs to " + identity + " already");
        }
        guarded(() -> {
            identityFile.write(owner);
            Path parent = root.getParent();
            if (parent != null && Files.isReadable(parent)) {
                // The name of the root itself, which this process may have made.
                DirectoryTree.sync(parent);
            }
        });
        identity = owner;
    }

    /** Where the Raft log lies. */
    public Path wal() {
        return root.resolve(WAL);
    }

    /** Where the store lies. */
    public Path db() {
        return root.resolve(DB);
    }

    /** A directory name, not yet existing, for a checkpoint on its way to a peer; cleared at the next open. */
    public Path newCheckpoint() {
        return newName(OUTGOING);
    }

    /** A directory name, not yet existing, for a snapshot to be received into; cleared at the next open. */
    public Path newIncoming() {
        return newName(INCOMING);
    }

    private Path newName(String parent) {
        Path directory = root.resolve(parent);
        guarded(() -> DirectoryTree.create(directory));
        return directory.resolve(Long.toString(names.incrementAndGet()));
    }

    /** Puts a received, complete snapshot in the place of {@link #db}, which must be closed; durable when it returns. */
    public void install(Path received) {
        guarded(() -> {
            DirectoryTree.delete(root.resolve(DB_NEXT));
            Files.move(received, root.resolve(DB_NEXT), StandardCopyOption.ATOMIC_MOVE);
            DirectoryTree.sync(root);
            finishInstall();
        });
    }

    private void finishInstall() throws IOException {
        Path next = root.resolve(DB_NEXT);
        Path old = root.resolve(DB_OLD);
        DirectoryTree.delete(old);
        if (!Files.exists(next)) {
            return;
        }
        if (Files.exists(db())) {
            Files.move(db(), old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(next, db(), StandardCopyOption.ATOMIC_MOVE);
        DirectoryTree.sync(root);
        DirectoryTree.delete(old);
    }

    /** The incarnation last remembered of a member, null when it was never seen. */
    public @Nullable Long incarnationOf(long memberId) {
        return peers.incarnationOf(memberId);
    }

    /** Remembers the incarnation of a member; durable when it returns. */
    public void rememberPeer(long memberId, long incarnation) {
        guarded(() -> peers.remember(memberId, incarnation));
    }

    /** Lets another process in. */
    @Override
    public void close() {
        release(lock);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (IOException cause) {
            throw new StorageException("the data directory " + root + " refused a change: " + cause, cause);
        }
    }
}
