package dev.keelson.sim.cluster;

import dev.keelson.engine.SnapshotStore;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message.InstallSnapshot;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The store of a member, in memory with the crash model of the real one: a crash may lose any number of the writes since
 * the last flush, the newest first.
 *
 * <p>Thread rule: one thread.
 */
final class SimStore implements SnapshotStore {

    private final SimCluster cluster;
    private final TreeMap<Long, Copy> received = new TreeMap<>();
    private InMemoryBackend backend = new InMemoryBackend();

    /** The store as it was at one moment. */
    record Copy(InMemoryBackend files) implements Frozen {
        @Override
        public void discard() {}
    }

    SimStore(SimCluster cluster) {
        this.cluster = cluster;
    }

    void crash(RandomGenerator random) {
        backend = backend.crash(random.nextInt(backend.unflushedWrites() + 1));
        received.clear();
    }

    void received(long index, Copy files) {
        received.put(index, files);
    }

    /** What it holds now, to look at. */
    InMemoryBackend snapshot() {
        return backend.copy();
    }

    /** Whether a leader has noted down what is left of a lease. */
    boolean hasNotesOfLeases() {
        try (ReadView view = MvccStore.open(snapshot()).view()) {
            return view.leases(0, Integer.MAX_VALUE).stream().anyMatch(lease -> lease.remainingSeconds() > 0);
        }
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public byte @Nullable [] durable(Family family, byte[] key) {
        return backend.durable(family, key);
    }

    /** Files in memory hold nothing that could be given back. */
    @Override
    public void reclaim(Consumer<Boolean> done) {
        done.accept(true);
    }

    @Override
    public Frozen freeze() {
        return new Copy(backend.copy());
    }

    @Override
    public void send(Frozen frozen, InstallSnapshot message, Consumer<Boolean> done) {
        cluster.sendSnapshot(message, (Copy) frozen, done);
    }

    @Override
    public Backend install(SnapshotMetadata metadata) {
        backend = Objects.requireNonNull(received.remove(metadata.index()), "no received snapshot")
                .files()
                .copy();
        return backend;
    }
}
