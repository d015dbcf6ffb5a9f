package dev.keelson.engine.world;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.EngineListener;
import dev.keelson.engine.EnginePorts;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.SnapshotStore;
import dev.keelson.engine.Workers;
import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.message.Message.InstallSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A member of a simulated cluster: a disk that outlives it, and one life after the other. */
final class SimMember {

    private static final long TICK_MICROS = 100_000;
    private static final long DISK_MICROS_MAX = 3_000;
    private static final long CPU_MICROS_MAX = 100;

    final long id;
    private final World world;
    private final Network network;
    private final SimCluster cluster;
    private final MemoryLog log = new MemoryLog();
    private final Map<Long, InMemoryBackend> received = new HashMap<>();
    private InMemoryBackend backend = new InMemoryBackend();
    private Life life = new Life();
    private @Nullable NodeEngine engine;

    SimMember(long id, World world, Network network, SimCluster cluster) {
        this.id = id;
        this.world = world;
        this.network = network;
        this.cluster = cluster;
        life.end();
    }

    boolean isAlive() {
        return life.isAlive();
    }

    NodeEngine engine() {
        return Objects.requireNonNull(engine);
    }

    void start() {
        life = new Life();
        var disk = new SimWorker(world, life, DISK_MICROS_MAX);
        var workers = new Workers(
                new SimWorker(world, life, CPU_MICROS_MAX),
                disk,
                new SimWorker(world, life, CPU_MICROS_MAX),
                new SimWorker(world, life, CPU_MICROS_MAX),
                new SimWorker(world, life, DISK_MICROS_MAX));
        Life mine = life;
        engine = new NodeEngine(
                config(),
                new EnginePorts(
                        log,
                        new Files(),
                        message -> {
                            if (mine.isAlive()) {
                                network.send(message);
                            }
                        },
                        workers,
                        world.random(),
                        new Listener()));
        engine.start();
        tickLater(mine);
    }

    private void tickLater(Life ticked) {
        world.after(TICK_MICROS, () -> {
            if (ticked.isAlive()) {
                engine().tick();
                tickLater(ticked);
            }
        });
    }

    private EngineConfig config() {
        List<Member> members = cluster.initialMembers();
        return new EngineConfig(
                id,
                1,
                "m" + id,
                List.of("http://m" + id),
                members,
                "3.7.0",
                new EngineConfig.Timing(10, 1, 70),
                new EngineConfig.LogRetention(cluster.replayEntriesMax(), cluster.catchUpEntries()),
                1 << 20,
                world.random().nextLong() >>> 1);
    }

    /** The end of a life: unsynced log entries are gone, and any number of unflushed writes of the store. */
    void crash() {
        life.end();
        log.crash();
        backend = backend.crash(world.random().nextInt(backend.unflushedWrites() + 1));
        received.clear();
    }

    void receive(Message message) {
        if (isAlive()) {
            engine().receive(message);
        }
    }

    /** A snapshot has arrived whole. */
    void receive(InstallSnapshot announced, InMemoryBackend files) {
        if (isAlive()) {
            received.put(announced.metadata().index(), files);
            engine().receive(announced);
        }
    }

    private record Copy(InMemoryBackend files) implements SnapshotStore.Frozen {
        @Override
        public void discard() {}
    }

    private final class Files implements SnapshotStore {

        @Override
        public Backend backend() {
            return backend;
        }

        @Override
        public byte @Nullable [] durable(Family family, byte[] key) {
            return backend.durable(family, key);
        }

        @Override
        public SnapshotStore.Frozen freeze() {
            return new Copy(backend.copy());
        }

        @Override
        public void send(SnapshotStore.Frozen frozen, InstallSnapshot message, Consumer<Boolean> done) {
            cluster.sendSnapshot(message, ((Copy) frozen).files(), done);
        }

        @Override
        public Backend install(SnapshotMetadata metadata) {
            backend = Objects.requireNonNull(received.remove(metadata.index()), "no received snapshot");
            cluster.snapshotInstalled();
            return backend;
        }
    }

    private final class Listener implements EngineListener {

        @Override
        public void leaderChanged(long leader, long term) {
            if (leader == id) {
                cluster.leaderElected(id, term);
            }
        }

        @Override
        public void membersChanged(List<Member> members) {}

        @Override
        public void published() {}

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError("member " + id + " failed", cause);
        }

        @Override
        public void event(String message, Object... fields) {}
    }
}
