package dev.keelson.sim.lease;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.lease.LeaseGrant;
import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.watch.WatchLimits;
import dev.keelson.sim.cluster.ClusterOptions;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.disk.DiskFaults;
import dev.keelson.sim.network.Network;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Journal;
import dev.keelson.sim.world.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Three members in virtual time, and a client that talks to any of them and waits for what it asks. */
final class LeaseWorld {

    static final int ELECTION_TICKS = 10;
    static final long SECOND_MICROS = World.MICROS_PER_SECOND;

    /** The clocks of members run at most so much too fast or too slow. */
    static final double DRIFT = 0.15;

    private static final long STEP_MICROS = 10_000;
    private static final long CLOSE_STEP_MICROS = 10;
    private static final long PATIENCE_MICROS = 30 * SECOND_MICROS;

    final World world;
    final SimCluster cluster;

    /** @param loss how often a message is lost, doubled, or comes again later */
    LeaseWorld(long seed, double loss, long delayMicrosMax) {
        this.world = new World(seed, Journal.NONE);
        this.cluster = new SimCluster(
                world,
                new ClusterOptions(
                        3,
                        ELECTION_TICKS,
                        1_000,
                        100,
                        1 << 16,
                        NodeLimits.LEASE_CHECKPOINT_MILLIS,
                        MaintenanceConfig.DEFAULT,
                        WatchLimits.DEFAULTS,
                        0,
                        0,
                        new Network.Faults(loss, loss, loss, delayMicrosMax),
                        DiskFaults.NONE),
                new Goals());
        cluster.members().forEach(SimMember::start);
        await("everybody serves", () -> cluster.members().stream().allMatch(SimMember::isServing));
    }

    static LeaseWorld calm(long seed) {
        return new LeaseWorld(seed, 0, 5_000);
    }

    /** What came of a question: a result, an error, or nothing yet. */
    static final class Answer<T> implements Reply<T> {
        private @Nullable T result;
        private @Nullable StoreException error;
        private boolean awaited = true;

        @Override
        public void succeed(T value) {
            result = value;
        }

        @Override
        public void fail(StoreException refusal) {
            error = refusal;
        }

        @Override
        public boolean isAwaited() {
            return awaited;
        }

        void giveUp() {
            awaited = false;
        }

        boolean isThere() {
            return result != null || error != null;
        }

        @Nullable
        StoreException error() {
            return error;
        }

        T result() {
            if (result == null) {
                throw new AssertionError("no result", error);
            }
            return result;
        }
    }

    <T> Answer<T> begin(SimMember member, BiConsumer<NodeEngine, Reply<T>> request) {
        var answer = new Answer<T>();
        member.request(engine -> request.accept(engine, answer));
        return answer;
    }

    <T> Answer<T> ask(SimMember member, BiConsumer<NodeEngine, Reply<T>> request) {
        Answer<T> answer = begin(member, request);
        await("an answer", answer::isThere);
        return answer;
    }

    long grant(SimMember member, long id, long ttlSeconds) {
        return this.<LeaseGrant>ask(member, (engine, reply) -> engine.leases().grant(id, ttlSeconds, reply))
                .result()
                .id();
    }

    long keepAlive(SimMember member, long id) {
        return this.<Long>ask(member, (engine, reply) -> engine.leases().keepAlive(id, reply))
                .result();
    }

    LeaseTtl timeToLive(SimMember member, long id) {
        return this.<LeaseTtl>ask(member, (engine, reply) -> engine.leases().timeToLive(id, true, reply))
                .result();
    }

    long revoke(SimMember member, long id) {
        return this.<Long>ask(member, (engine, reply) -> engine.leases().revoke(id, reply))
                .result();
    }

    List<Long> list(SimMember member) {
        return this.<List<Long>>ask(member, (engine, reply) -> engine.leases().list(reply))
                .result();
    }

    PutResult put(SimMember member, String key, long lease) {
        var request = new PutRequest(bytes(key), bytes("v"), lease, false, false, false);
        return this.<PutResult>ask(member, (engine, reply) -> engine.put(request, reply))
                .result();
    }

    /** The keys there are, as the member says after it has asked the leader. */
    List<String> keys(SimMember member) {
        return this.<RangeResult>ask(
                        member, (engine, reply) -> engine.range(RangeRequest.of(new byte[] {0}, new byte[] {0}), reply))
                .result()
                .kvs()
                .stream()
                .map(kv -> new String(kv.key(), StandardCharsets.UTF_8))
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    SimMember leader() {
        await("a leader", () -> cluster.leader().isPresent());
        return cluster.leader().orElseThrow();
    }

    /** A member that does not lead. */
    SimMember follower() {
        SimMember leader = leader();
        return cluster.alive().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
    }

    /** Lets another member lead. */
    SimMember transfer() {
        SimMember former = leader();
        SimMember next = follower();
        former.request(engine -> engine.transferLeader(next.id()));
        await("a transfer", () -> cluster.leader().orElse(null) == next);
        return next;
    }

    void pass(long micros) {
        world.pass(micros);
    }

    void passSeconds(double seconds) {
        pass((long) (seconds * SECOND_MICROS));
    }

    /** Waits for a condition; returns how long that took, in seconds. */
    double await(String what, BooleanSupplier reached) {
        return await(what, STEP_MICROS, reached);
    }

    /** The same, looking after every few events. */
    double awaitClosely(String what, BooleanSupplier reached) {
        return await(what, CLOSE_STEP_MICROS, reached);
    }

    private double await(String what, long stepMicros, BooleanSupplier reached) {
        long begin = world.nowMicros();
        while (!reached.getAsBoolean()) {
            if (world.nowMicros() - begin > PATIENCE_MICROS) {
                throw new AssertionError("not reached: " + what);
            }
            world.pass(stepMicros);
        }
        return (double) (world.nowMicros() - begin) / SECOND_MICROS;
    }
}
