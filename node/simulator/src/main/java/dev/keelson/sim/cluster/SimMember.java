package dev.keelson.sim.cluster;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.EnginePorts;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Transport;
import dev.keelson.engine.Workers;
import dev.keelson.engine.consensus.Recovery.InconsistentStateException;
import dev.keelson.engine.forward.Forward;
import dev.keelson.log.CorruptLogException;
import dev.keelson.log.LogConfig;
import dev.keelson.log.LogFailedException;
import dev.keelson.log.SegmentedLog;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.CrashFileSystem.Moment;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.message.Message.InstallSnapshot;
import dev.keelson.sim.disk.SimDisk;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A member of a simulated cluster: a disk that outlives its process, and one life after the other.
 *
 * <p>Thread rule: one thread.
 */
public final class SimMember {

    /** What lies between two ticks on a clock that is right. */
    public static final long TICK_MICROS = 100_000;

    private static final double CLOCK_DRIFT_MAX = 0.15;
    private static final long DISK_MICROS_MAX = 3_000;
    private static final long CPU_MICROS_MAX = 100;
    private static final long REQUEST_BYTES_MAX = 1 << 20;
    private static final long REQUEST_TICKS = 70;
    private static final long PROGRESS_TICKS = 20;
    private static final long CACHE_BYTES = 4 << 10;
    private static final int DISK_CALLS_MAX = 40;
    private static final int BUFFER_BYTES = 4 << 10;
    private static final Path WAL = Path.of("/wal");

    private final long id;
    private final World world;
    private final SimCluster cluster;
    private final List<Member> initialMembers;
    private final SimDisk disk;
    private final SimStore store;
    private final long tickMicros;
    private Life life = new Life();
    private @Nullable ObservedLog log;
    private @Nullable NodeEngine engine;
    private @Nullable SimWorker diskWorker;
    private long clockMillis;
    private boolean gone;
    private boolean published;
    private long lives;
    private long snapshotsInstalled;
    private long stalledUntilMicros;

    /** {@code initialMembers} is empty for one that joins a cluster that exists. */
    SimMember(long id, World world, SimCluster cluster, List<Member> initialMembers) {
        this.id = id;
        this.world = world;
        this.cluster = cluster;
        this.initialMembers = initialMembers;
        this.store = new SimStore(cluster);
        this.disk = new SimDisk(
                cluster.options().disk(),
                world.random(Stream.DISK),
                cluster.atlas().budget(id),
                (kind, path, at) -> cluster.diskFault(id, kind, at));
        double drift = (world.random(Stream.NODE).nextDouble() * 2 - 1) * CLOCK_DRIFT_MAX;
        this.tickMicros = (long) (TICK_MICROS * (1 + drift));
        life.end();
    }

    public long id() {
        return id;
    }

    public boolean isAlive() {
        return life.isAlive();
    }

    /** How often it has started: a connection to it ends with the life it began in. */
    public long lives() {
        return lives;
    }

    /** How many snapshots it has installed in all its lives. */
    public long snapshotsInstalled() {
        return snapshotsInstalled;
    }

    void snapshotInstalled() {
        snapshotsInstalled++;
        cluster.snapshotInstalled(id);
    }

    /** Seconds that its clock counts in a second. */
    public double clockRate() {
        return (double) TICK_MICROS / tickMicros;
    }

    /** Whether its disk answers nothing just now. */
    public boolean isStalled() {
        return world.nowMicros() < stalledUntilMicros;
    }

    public boolean isPaused() {
        return life.isAlive() && life.isPaused();
    }

    /** Whether it never starts again under this id: its disk is lost, or it was removed. */
    public boolean isGone() {
        return gone;
    }

    /** Whether it serves clients in this life; one that was removed ends, as soon as it hears of it. */
    public boolean isServing() {
        return isAlive() && published && !engine().isRemoved(id);
    }

    public NodeEngine engine() {
        return Objects.requireNonNull(engine);
    }

    /** The members of the cluster as far as it has applied the log. */
    public List<Member> knownMembers() {
        var members = new ArrayList<Member>();
        engine().memberList(false, new Reply<>() {
            @Override
            public void succeed(List<Member> result) {
                members.addAll(result);
            }

            @Override
            public void fail(StoreException error) {
                throw new AssertionError("a list of members that asks nobody", error);
            }
        });
        return members;
    }

    /** The log of the present or last life; null before the first. */
    @Nullable
    ObservedLog log() {
        return log;
    }

    public SimDisk disk() {
        return disk;
    }

    SimStore store() {
        return store;
    }

    Member description(boolean learner) {
        return new Member(id, "", List.of("http://p" + id), List.of(), learner);
    }

    /** Begins a new life; a member whose disk is damaged or refuses does not get that far. */
    public void start() {
        if (gone || isAlive()) {
            return;
        }
        life = new Life();
        lives++;
        published = false;
        world.note("start", id, 0);
        try {
            open();
        } catch (CorruptLogException | InconsistentStateException damage) {
            refuse(damage);
            return;
        } catch (LogFailedException | ProcessEnded failed) {
            failed(failed);
            return;
        }
        tickLater(life);
    }

    private void open() {
        var opened = new ObservedLog(
                SegmentedLog.open(
                        disk,
                        WAL,
                        new LogConfig(
                                id,
                                cluster.options().segmentBytes(),
                                cluster.options().segmentBytes(),
                                CACHE_BYTES,
                                BUFFER_BYTES)),
                cluster.goals());
        ObservedLog former = log;
        log = opened;
        if (former != null && cluster.atlas().isWhole(id)) {
            cluster.checks().keptItsPromises(id, former, opened);
            noteLoss(former, opened);
        }
        Life mine = life;
        SimWorker append = new SimWorker(world, id, life, DISK_MICROS_MAX);
        diskWorker = append;
        var workers = new Workers(cpu(), append, cpu(), cpu(), new SimWorker(world, id, life, DISK_MICROS_MAX), cpu());
        var created = new NodeEngine(
                config(),
                new EnginePorts(
                        opened,
                        store,
                        transport(mine),
                        workers,
                        world.random(Stream.NODE),
                        new MemberListener(this, mine, cluster)));
        engine = created;
        cluster.checks().started(id, opened.hardState());
        created.start();
    }

    private Transport transport(Life mine) {
        return new Transport() {
            @Override
            public void send(Message message) {
                if (mine.isAlive()) {
                    cluster.network().send(message);
                }
            }

            @Override
            public void send(Forward message) {
                if (mine.isAlive()) {
                    cluster.network().send(message);
                }
            }

            /** There are no connections here that could be open or not. */
            @Override
            public long connectedMillis(long peer) {
                return Long.MAX_VALUE;
            }
        };
    }

    private void noteLoss(ObservedLog former, ObservedLog found) {
        if (found.lastIndex() < former.attemptedIndex()) {
            cluster.goals().reach(Goal.UNSYNCED_ENTRIES_LOST);
            if (found.lastIndex() > former.durableIndex()) {
                cluster.goals().reach(Goal.TORN_TAIL_REPAIRED);
            }
        }
    }

    private SimWorker cpu() {
        return new SimWorker(world, id, life, CPU_MICROS_MAX);
    }

    private EngineConfig config() {
        ClusterOptions options = cluster.options();
        return new EngineConfig(
                id,
                1,
                "m" + id,
                List.of("http://m" + id),
                initialMembers,
                "3.7.0",
                new EngineConfig.Timing(
                        TICK_MICROS / 1_000,
                        options.electionTicks(),
                        1,
                        REQUEST_TICKS,
                        PROGRESS_TICKS,
                        options.leaseCheckpointMillis()),
                new EngineConfig.LogRetention(options.replayEntriesMax(), options.catchUpEntries()),
                EngineConfig.Reconfiguration.DEFAULT,
                options.maintenance(),
                options.watch(),
                REQUEST_BYTES_MAX,
                world.random(Stream.NODE).nextLong() >>> 1);
    }

    private void tickLater(Life ticked) {
        world.after(tickMicros, id, () -> {
            if (ticked.isAlive()) {
                ticked.run(() -> passTick());
                tickLater(ticked);
            }
        });
    }

    private void passTick() {
        clockMillis += TICK_MICROS / 1_000;
        engine().tick(clockMillis);
    }

    void published() {
        published = true;
    }

    /** The clock jumps forward, as after a suspension that only it lived through: ticks come at once, and time with them. */
    public void jumpClock(int ticks) {
        if (isAlive()) {
            life.run(() -> {
                cluster.clockJumped(ticks * TICK_MICROS);
                for (int i = 0; i < ticks; i++) {
                    passTick();
                }
            });
        }
    }

    /** The disk answers nothing for a while. */
    public void stallDisk(long micros) {
        if (isAlive() && diskWorker != null) {
            diskWorker.stall(micros);
            stalledUntilMicros = world.nowMicros() + micros;
            cluster.goals().reach(Goal.DISK_STALLED);
        }
    }

    public void pause() {
        if (isAlive()) {
            life.pause();
        }
    }

    public void resume() {
        if (isPaused()) {
            life.resume();
        }
    }

    /** The process ends; with the power the page cache goes too. */
    public void crash() {
        if (!isAlive()) {
            return;
        }
        life.end();
        cluster.crashed(this);
        if (!world.chance(Stream.DISK, cluster.options().unsyncedLossChance())) {
            disk.killProcess();
            store.crash(world.random(Stream.DISK));
            return;
        }
        Loss[] losses = Loss.values();
        boolean lied = disk.losePower(losses[world.random(Stream.DISK).nextInt(losses.length)]);
        store.crash(world.random(Stream.DISK));
        if (lied) {
            // Nobody can tell what the disk forgot, so nothing on it may vote again.
            lose("lied");
        }
    }

    /** The process ends at one of its next calls to the disk: before it, in the middle of it, or after it. */
    public void crashInDiskCall(RandomGenerator random) {
        Moment[] moments = Moment.values();
        disk.files().endProcess(1 + random.nextInt(DISK_CALLS_MAX), moments[random.nextInt(moments.length)], random);
    }

    /** Its disk is lost: it never comes back under this id. */
    public void lose(String why) {
        if (isAlive()) {
            life.end();
        }
        gone = true;
        world.note("lost: " + why, id, 0);
    }

    private void refuse(RuntimeException damage) {
        life.end();
        if (cluster.atlas().isWhole(id)) {
            throw new AssertionError("member " + id + " refuses a disk that nothing has damaged", damage);
        }
        cluster.goals().reach(Goal.DAMAGE_FOUND);
        lose("damage");
    }

    /** A part of the node gave up: the process ends. */
    void failed(Throwable cause) {
        if (cause instanceof ProcessEnded) {
            crash();
            return;
        }
        boolean disks = cause instanceof LogFailedException;
        boolean damage =
                cause instanceof CorruptLogException && !cluster.atlas().isWhole(id);
        if (!disks && !damage) {
            throw new AssertionError("member " + id + " failed", cause);
        }
        world.note("failed", id, 0);
        life.end();
        cluster.crashed(this);
        disk.killProcess();
        store.crash(world.random(Stream.DISK));
        if (damage || !cluster.atlas().isWhole(id)) {
            // A sector that cannot be read is damage too; whoever is replaced after it costs no safety.
            cluster.goals().reach(Goal.DAMAGE_FOUND);
            lose("damage");
        }
    }

    /** Nothing goes wrong with the disk from now on. */
    void calm() {
        disk.calm();
    }

    void receive(Message message) {
        life.run(() -> engine().receive(message));
    }

    void receive(Forward message) {
        life.run(() -> engine().receive(message));
    }

    /** A snapshot has arrived whole. */
    void receive(InstallSnapshot announced, SimStore.Copy files) {
        life.run(() -> {
            store.received(announced.metadata().index(), files);
            engine().receive(announced);
        });
    }

    /** A client's request arrives; what is asked of a dead process is never answered. */
    public void request(Consumer<NodeEngine> request) {
        life.run(() -> request.accept(engine()));
    }
}
