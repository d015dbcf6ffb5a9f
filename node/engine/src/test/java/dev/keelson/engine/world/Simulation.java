package dev.keelson.engine.world;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.HashKvResult;
import dev.keelson.mvcc.KeyValue;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** One run: some minutes with faults of every kind at once, then healing, then the account. */
public final class Simulation {

    private static final long FAULTY_MICROS = 60_000_000;
    private static final long HEALED_MICROS = 20_000_000;
    private static final long STEP_MICROS = 500_000;

    private final World world;
    private final SimCluster cluster;
    private final History history = new History();
    private final Clients clients;

    /** What a run came to; equal for equal seeds. */
    public record Outcome(int acknowledgedWrites, int refused, int snapshotsInstalled, int hash, long revision) {}

    private Simulation(long seed) {
        world = new World(seed);
        int size = world.random().nextInt(4) == 0 ? 1 : world.random().nextInt(4) == 0 ? 5 : 3;
        var faults = new Network.Faults(
                world.chance(0.3) ? 0 : world.random().nextDouble() * 0.2,
                world.chance(0.5) ? 0 : world.random().nextDouble() * 0.2,
                world.delay(200, 30_000));
        cluster = new SimCluster(world, size, faults);
        clients = new Clients(world, cluster, history);
    }

    /** Runs a seed; throws an {@link AssertionError} that says what was violated. */
    public static Outcome run(long seed) {
        return new Simulation(seed).run();
    }

    private Outcome run() {
        cluster.startAll();
        clients.start(world.random().nextInt(1, 8));
        while (world.nowMicros() < FAULTY_MICROS) {
            world.pass(world.delay(1, STEP_MICROS));
            doSomethingBad();
        }
        heal();
        return account();
    }

    private void doSomethingBad() {
        SimMember member = cluster.anyMember();
        switch (world.random().nextInt(8)) {
            case 0 -> {
                if (member.isAlive()) {
                    member.crash();
                }
            }
            case 1, 2, 3 -> {
                if (!member.isAlive()) {
                    member.start();
                }
            }
            case 4 -> cluster.network().cut(member.id, cluster.anyMember().id);
            case 5 -> isolate(member);
            case 6 -> cluster.network().healAll();
            default -> {}
        }
        if (world.chance(0.01)) {
            cluster.members().stream().filter(SimMember::isAlive).forEach(SimMember::crash);
        }
    }

    private void isolate(SimMember member) {
        for (SimMember other : cluster.members()) {
            if (other != member) {
                cluster.network().cut(member.id, other.id);
                cluster.network().cut(other.id, member.id);
            }
        }
    }

    private void heal() {
        clients.stop();
        cluster.network().healAll();
        cluster.startAll();
        world.pass(HEALED_MICROS);
    }

    private Outcome account() {
        RangeResult all = read(cluster.member(1), RangeRequest.of(new byte[] {0}, new byte[] {0}));
        checkNothingIsLost(all);
        Set<Integer> hashes = new HashSet<>();
        for (SimMember member : cluster.members()) {
            read(member, RangeRequest.of(new byte[] {0}, new byte[] {0}));
            hashes.add(await((Reply<HashKvResult> reply) -> member.engine().hashKv(all.revision(), reply))
                    .hash());
        }
        if (hashes.size() != 1) {
            throw new AssertionError("members disagree at revision " + all.revision() + ": " + hashes);
        }
        return new Outcome(
                history.size(),
                clients.refused(),
                cluster.snapshotsInstalled(),
                hashes.iterator().next(),
                all.revision());
    }

    private void checkNothingIsLost(RangeResult all) {
        for (Map.Entry<String, Long> write : history.newestWrites().entrySet()) {
            KeyValue found = all.kvs().stream()
                    .filter(kv -> text(kv.key()).equals(write.getKey()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("lost: all of " + write.getKey()));
            if (found.modRevision() < write.getValue()) {
                throw new AssertionError("lost: revision " + write.getValue() + " of " + write.getKey() + ", found "
                        + found.modRevision());
            }
            String acknowledged = history.at(found.modRevision());
            if (acknowledged != null && !acknowledged.equals(text(found.key()) + "=" + text(found.value()))) {
                throw new AssertionError("revision " + found.modRevision() + " was acknowledged as " + acknowledged
                        + " and holds " + text(found.key()) + "=" + text(found.value()));
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private RangeResult read(SimMember member, RangeRequest request) {
        return await((Reply<RangeResult> reply) -> member.engine().range(request, reply));
    }

    /** A healed cluster must answer within the time-out of a request. */
    private <T> T await(Consumer<Reply<T>> request) {
        var answer = new AtomicReference<T>();
        request.accept(new Reply<>() {
            @Override
            public void succeed(T result) {
                answer.set(result);
            }

            @Override
            public void fail(StoreException error) {
                throw new AssertionError("a healed cluster refuses: " + error.getMessage());
            }
        });
        world.pass(HEALED_MICROS);
        if (answer.get() == null) {
            throw new AssertionError("a healed cluster does not answer");
        }
        return answer.get();
    }
}
