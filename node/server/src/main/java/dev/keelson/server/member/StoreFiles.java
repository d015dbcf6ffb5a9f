package dev.keelson.server.member;

import dev.keelson.engine.SnapshotStore;
import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message.InstallSnapshot;
import dev.keelson.server.metrics.DiskMetrics;
import dev.keelson.server.metrics.MeasuredBackend;
import dev.keelson.storage.RocksBackend;
import dev.keelson.storage.StorageConfig;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.StoreDirectory;
import dev.keelson.storage.TableCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store's files in a data directory: freezes them as checkpoints for peers and replaces them by received ones.
 *
 * <p>Thread rule: as {@link SnapshotStore} says; {@link #received} from any thread.
 */
final class StoreFiles implements SnapshotStore, AutoCloseable {

    /** A store up to this size is verified before the member takes part, a larger one while it does. */
    private static final long VERIFIED_AT_START_BYTES_MAX = 64L << 20;

    private final StoreDirectory directory;
    private final StorageConfig config;
    private final SnapshotSender sender;
    private final Map<Long, Path> received = new ConcurrentHashMap<>();
    private final DiskMetrics metrics;
    private final DiskSpace space;
    private final Rewriting rewriting;
    private volatile RocksBackend backend;
    private volatile Backend measured;

    /** Streams a checkpoint directory to a peer and deletes it. */
    interface SnapshotSender {

        /** @param done told once, on any thread, whether the peer has taken it */
        void send(Path checkpoint, InstallSnapshot message, Consumer<Boolean> done);
    }

    /** A checkpoint in a directory of its own. */
    private record Checkpoint(Path path) implements Frozen {
        @Override
        public void discard() {
            deleteTree(path);
        }
    }

    /** What is told of the store's work, and where it works. */
    record Surroundings(MemberEvents events, DiskSpace space, DiskMetrics metrics) {}

    StoreFiles(StoreDirectory directory, SnapshotSender sender, Surroundings surroundings) {
        this.directory = directory;
        this.config = StorageConfig.defaults();
        this.sender = sender;
        this.metrics = surroundings.metrics();
        this.space = surroundings.space();
        this.rewriting = new Rewriting(surroundings.events(), metrics);
        this.backend = RocksBackend.open(directory.db(), config);
        this.measured = measured(backend);
        if (backend.tableBytes() <= VERIFIED_AT_START_BYTES_MAX) {
            verify(() -> false);
        }
    }

    /** Whether the store was too large to be verified before the member takes part. */
    boolean needsVerification() {
        return backend.tableBytes() > VERIFIED_AT_START_BYTES_MAX;
    }

    /** Reads and checks the whole store until {@code stopped}; damage is found here before a client meets it. */
    void verify(BooleanSupplier stopped) {
        TableCheck.run(backend.tables(), stopped);
    }

    @Override
    public Backend backend() {
        return measured;
    }

    @Override
    public byte @Nullable [] durable(Family family, byte[] key) {
        return backend.getDurable(family, key);
    }

    @Override
    public void reclaim(Consumer<Boolean> done) {
        rewriting.begin(backend, done);
    }

    @Override
    public Frozen freeze() {
        Path path = directory.newCheckpoint();
        backend.checkpoint(path);
        return new Checkpoint(path);
    }

    @Override
    public void send(Frozen frozen, InstallSnapshot message, Consumer<Boolean> done) {
        long began = System.nanoTime();
        sender.send(((Checkpoint) frozen).path(), message, delivered -> {
            if (delivered) {
                metrics.snapshotSent(began);
            }
            done.accept(delivered);
        });
    }

    /** A verified snapshot through {@code index} lies in {@code path}, for {@link #install}. */
    void received(long index, Path path) {
        Path former = received.put(index, path);
        if (former != null) {
            deleteTree(former);
        }
    }

    @Override
    public Backend install(SnapshotMetadata metadata) {
        metrics.installBegins();
        rewriting.stop();
        try {
            return replace(metadata);
        } finally {
            rewriting.allow();
            metrics.installEnds();
        }
    }

    private Backend replace(SnapshotMetadata metadata) {
        Path path = received.remove(metadata.index());
        if (path == null) {
            throw new StorageException("no received snapshot of index " + metadata.index());
        }
        backend.close();
        directory.install(path);
        received.values().forEach(StoreFiles::deleteTree);
        received.clear();
        backend = RocksBackend.open(directory.db(), config);
        measured = measured(backend);
        return measured;
    }

    private Backend measured(RocksBackend store) {
        return new MeasuredBackend(store, metrics, space::makeWayIfScarce);
    }

    private static void deleteTree(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException cause) {
            // What stays behind is cleared when the data directory is opened the next time.
            throw new StorageException("cannot delete " + directory, cause);
        }
    }

    /** Flushes first, so that the next start has nothing to replay. */
    @Override
    public void close() {
        rewriting.stop();
        backend.flush();
        backend.close();
    }
}
