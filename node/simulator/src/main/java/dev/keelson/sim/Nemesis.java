package dev.keelson.sim;

import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Does harm to a cluster at random moments, and undoes it at others.
 *
 * <p>Thread rule: one thread.
 */
final class Nemesis {

    private static final long STALL_MICROS_MAX = 8 * World.MICROS_PER_SECOND;
    private static final int JUMP_TICKS_MAX = 40;
    private static final double RECOVERY_CHANCE = 0.5;
    private static final int SIZE_MAX = 7;

    private final World world;
    private final SimCluster cluster;
    private final Stewards stewards;
    private final SimulationOptions options;
    private final RandomGenerator random;
    private final List<Fault> acts;
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private boolean stopped;

    Nemesis(World world, SimCluster cluster, Stewards stewards, SimulationOptions options) {
        this.world = world;
        this.cluster = cluster;
        this.stewards = stewards;
        this.options = options;
        this.random = world.random(Stream.FAULTS);
        this.acts = options.active().stream().filter(Nemesis::isAct).toList();
    }

    /** Whether it is brought on by an act; the others happen of themselves at their rates. */
    private static boolean isAct(Fault fault) {
        return switch (fault) {
            case PARTITION, ONE_WAY_PARTITION, CLOG, CRASH, CRASH_IN_DISK_CALL, POWER_LOSS, ALL_DOWN, PAUSE -> true;
            case CLOCK_JUMP, DISK_STALL, DISK_FULL, WIPE, TRANSFER, RESIZE -> true;
            case LOSS, DUPLICATION, REPLAY, DELAY, FAILED_SYNC, LYING_SYNC -> false;
            case LATENT_SECTOR, BIT_FLIP, STALE_SECTOR, MISDIRECTED_WRITE -> false;
        };
    }

    void start() {
        world.after(random.nextLong(1, options.faultMicrosMax()), 0, () -> {
            if (!stopped) {
                recover();
                if (!acts.isEmpty()) {
                    act(acts.get(random.nextInt(acts.size())));
                }
                start();
            }
        });
    }

    void stop() {
        stopped = true;
    }

    Map<Fault, Long> counts() {
        return counts;
    }

    private void recover() {
        for (SimMember member : List.copyOf(cluster.members())) {
            if (!member.isAlive() && random.nextDouble() < RECOVERY_CHANCE) {
                member.start();
            } else if (member.isPaused() && random.nextDouble() < RECOVERY_CHANCE) {
                resume(member);
            }
            if (random.nextDouble() < RECOVERY_CHANCE) {
                member.disk().full(false);
            }
        }
        if (random.nextDouble() < RECOVERY_CHANCE / 2) {
            world.note("heal", 0, 0);
            cluster.network().healAll();
        }
    }

    private void resume(SimMember member) {
        boolean leads = member.engine().raftStatus().leader() == member.id();
        long term = member.engine().raftStatus().term();
        if (leads
                && cluster.alive().stream()
                        .anyMatch(other -> other.engine().raftStatus().term() > term)) {
            cluster.goals().reach(Goal.LEADER_PAUSED_PAST_ITS_TERM);
        }
        world.note("resume", member.id(), 0);
        member.resume();
    }

    private void act(Fault fault) {
        List<SimMember> candidates = cluster.startable();
        if (candidates.isEmpty()) {
            return;
        }
        SimMember member = victim(candidates);
        counts.merge(fault, 1L, Long::sum);
        world.note(fault.name(), member.id(), 0);
        switch (fault) {
            case PARTITION -> part(false);
            case ONE_WAY_PARTITION -> part(true);
            case CLOG -> cluster.network().clog(member.id(), any(candidates).id());
            case CRASH, POWER_LOSS -> member.crash();
            case CRASH_IN_DISK_CALL -> member.crashInDiskCall(random);
            case ALL_DOWN -> cluster.alive().forEach(SimMember::crash);
            case PAUSE -> member.pause();
            case CLOCK_JUMP -> {
                member.jumpClock(random.nextInt(1, JUMP_TICKS_MAX));
                cluster.goals().reach(Goal.CLOCK_JUMPED);
            }
            case DISK_STALL -> member.stallDisk(random.nextLong(1, STALL_MICROS_MAX));
            case DISK_FULL -> member.disk().full(true);
            case WIPE -> wipe(member);
            case TRANSFER -> transfer(any(candidates));
            case RESIZE -> stewards.aimFor(random.nextInt(1, SIZE_MAX + 1));
            case LOSS, DUPLICATION, REPLAY, DELAY, FAILED_SYNC, LYING_SYNC -> {}
            case LATENT_SECTOR, BIT_FLIP, STALE_SECTOR, MISDIRECTED_WRITE -> {}
        }
    }

    /** The leader more often than chance alone would have it. */
    private SimMember victim(List<SimMember> candidates) {
        return random.nextInt(3) == 0 ? cluster.leader().orElse(any(candidates)) : any(candidates);
    }

    private SimMember any(List<SimMember> candidates) {
        return candidates.get(random.nextInt(candidates.size()));
    }

    private void wipe(SimMember member) {
        if (cluster.atlas().mayDamage(member.id())) {
            cluster.atlas().damaged(member.id());
            if (member.isAlive()) {
                member.crash();
            }
            if (!member.isGone()) {
                member.lose("wiped");
            }
        }
    }

    private void transfer(SimMember target) {
        cluster.leader().filter(leader -> !leader.isPaused()).ifPresent(leader -> {
            leader.request(engine -> engine.transferLeader(target.id()));
            if (leader != target) {
                cluster.goals().reach(Goal.LEADERSHIP_TRANSFERRED);
            }
        });
    }

    /** Parts one member, any part, or a ring in which each hears only its neighbours. */
    private void part(boolean oneWay) {
        List<Long> ids =
                new ArrayList<>(cluster.startable().stream().map(SimMember::id).toList());
        Collections.shuffle(ids, Random.from(random));
        if (ids.size() < 2) {
            return;
        }
        if (random.nextInt(4) == 0 && ids.size() > 3) {
            ring(ids);
        } else {
            int cut = random.nextBoolean() ? 1 : random.nextInt(1, ids.size());
            cluster.network().part(ids.subList(0, cut), ids.subList(cut, ids.size()), oneWay);
        }
        cluster.goals().reach(oneWay ? Goal.ONE_WAY_LINK : Goal.MINORITY_CUT_OFF);
    }

    private void ring(List<Long> ids) {
        int size = ids.size();
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                int distance = Math.floorMod(i - j, size);
                if (distance > 1 && distance < size - 1) {
                    cluster.network().cut(ids.get(i), ids.get(j));
                }
            }
        }
    }
}
