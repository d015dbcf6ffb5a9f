package dev.keelson.sim;

import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.engine.maintenance.MaintenanceConfig.AutoCompactionConfig;
import dev.keelson.engine.maintenance.MaintenanceConfig.CheckConfig;
import dev.keelson.mvcc.watch.WatchLimits;
import dev.keelson.sim.cluster.ClusterOptions;
import dev.keelson.sim.disk.DiskFault;
import dev.keelson.sim.disk.DiskFaults;
import dev.keelson.sim.network.Network;
import dev.keelson.sim.workload.Requests;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a seed draws before its run begins.
 *
 * @param active the faults it has, at least {@link #ACTIVE_MIN}
 * @param clients how many ask at a time
 * @param leaseClients how many hold leases
 * @param watchClients how many watch
 * @param users whether clients have names, and permissions that change
 * @param alarms whether alarms are raised and cleared
 * @param memberUpdates whether members are described anew, and removed ones asked in again
 * @param pauseMicrosMax longest rest of a client between two requests
 * @param faultMicrosMax longest time between two acts of the nemesis
 */
public record SimulationOptions(
        Set<Fault> active,
        ClusterOptions cluster,
        Requests.Mix mix,
        int clients,
        int leaseClients,
        int watchClients,
        boolean users,
        boolean alarms,
        boolean memberUpdates,
        long pauseMicrosMax,
        long faultMicrosMax) {

    /** Kinds of faults that every seed has at least. */
    public static final int ACTIVE_MIN = 5;

    /** So much less often some seeds have an act of the nemesis: leaders lead long enough to let leases expire. */
    private static final long QUIETER = 6;

    /** So many times the clients some seeds have, each with so much shorter rests: many writes in each sync and message. */
    private static final int BUSIER_CLIENTS = 3;

    private static final long BUSIER_PAUSE = 10;

    private static final double ASTRAY_MAX = 0.05;

    private static final int[] SIZES = {1, 2, 3, 3, 3, 3, 3, 4, 5, 5, 7};

    static SimulationOptions draw(World world) {
        RandomGenerator random = world.random(Stream.OPTIONS);
        RandomGenerator leases = world.random(Stream.LEASES);
        RandomGenerator watches = world.random(Stream.WATCHES);
        RandomGenerator alarms = world.random(Stream.ALARMS);
        RandomGenerator members = world.random(Stream.MEMBERS);
        boolean memberUpdates = members.nextInt(3) == 0;
        Set<Fault> active = faults(random);
        int size = SIZES[random.nextInt(SIZES.length)];
        var network = new Network.Faults(
                rate(active, Fault.LOSS, random, 0.2),
                rate(active, Fault.DUPLICATION, random, 0.2),
                rate(active, Fault.REPLAY, random, 0.05),
                active.contains(Fault.DELAY) ? random.nextLong(2_000, 60_000) : 2_000);
        var cluster = new ClusterOptions(
                size,
                random.nextInt(6, 16),
                random.nextLong(10, 200),
                random.nextLong(0, 50),
                1L << random.nextInt(11, 16),
                leases.nextLong(500, 4_000),
                maintenance(alarms),
                watchLimits(watches),
                active.contains(Fault.POWER_LOSS) ? 0.3 + random.nextDouble() * 0.7 : 0,
                memberUpdates ? members.nextDouble() * ASTRAY_MAX : 0,
                network,
                disk(active, random));
        var mix = new Requests.Mix(
                random.nextInt(1, 12),
                random.nextInt(2, 12),
                random.nextInt(0, 6),
                random.nextInt(0, 8),
                random.nextInt(1, 12),
                random.nextInt(2));
        int clients = random.nextInt(1, 7);
        int leaseClients = leases.nextInt(4);
        int watchClients = watches.nextInt(5);
        long pauseMicrosMax = random.nextLong(50_000, 600_000);
        long faultMicrosMax = random.nextLong(200_000, 2_000_000) * (leases.nextInt(5) == 0 ? QUIETER : 1);
        boolean busy = random.nextInt(4) == 0;
        return new SimulationOptions(
                active,
                cluster,
                mix,
                busy ? clients * BUSIER_CLIENTS : clients,
                leaseClients,
                watchClients,
                world.random(Stream.AUTH).nextInt(3) == 0,
                alarms.nextInt(3) == 0,
                memberUpdates,
                busy ? pauseMicrosMax / BUSIER_PAUSE : pauseMicrosMax,
                faultMicrosMax);
    }

    /** Members compare their histories every few seconds, newest and compacted ones. */
    private static MaintenanceConfig maintenance(RandomGenerator random) {
        return new MaintenanceConfig(
                MaintenanceConfig.QUOTA_BYTES,
                AutoCompactionConfig.OFF,
                new CheckConfig(random.nextLong(1_000, 15_000), random.nextLong(1_000, 15_000), false),
                MaintenanceConfig.DEFAULT.downgradeCheckMillis());
    }

    /** Small ones, so that watchers fall behind what is kept for them and are told in slices. */
    private static WatchLimits watchLimits(RandomGenerator random) {
        if (random.nextInt(4) == 0) {
            return WatchLimits.DEFAULTS;
        }
        return new WatchLimits(
                1L << random.nextInt(9, 16),
                random.nextLong(1, 40),
                random.nextInt(1, 20),
                1L << random.nextInt(7, 14),
                random.nextInt(1, 6),
                random.nextInt(1, 12));
    }

    private static Set<Fault> faults(RandomGenerator random) {
        Fault[] all = Fault.values();
        var active = EnumSet.noneOf(Fault.class);
        for (Fault fault : all) {
            if (random.nextInt(5) < 2) {
                active.add(fault);
            }
        }
        while (active.size() < ACTIVE_MIN) {
            active.add(all[random.nextInt(all.length)]);
        }
        return active;
    }

    private static double rate(Set<Fault> active, Fault fault, RandomGenerator random, double max) {
        return active.contains(fault) ? random.nextDouble() * max : 0;
    }

    private static DiskFaults disk(Set<Fault> active, RandomGenerator random) {
        return DiskFaults.NONE
                .with(DiskFault.FAILED_SYNC, rate(active, Fault.FAILED_SYNC, random, 0.005))
                .with(DiskFault.LYING_SYNC, rate(active, Fault.LYING_SYNC, random, 0.01))
                .with(DiskFault.LATENT_SECTOR, rate(active, Fault.LATENT_SECTOR, random, 0.005))
                .with(DiskFault.BIT_FLIP, rate(active, Fault.BIT_FLIP, random, 0.005))
                .with(DiskFault.STALE_SECTOR, rate(active, Fault.STALE_SECTOR, random, 0.005))
                .with(DiskFault.MISDIRECTED_WRITE, rate(active, Fault.MISDIRECTED_WRITE, random, 0.005));
    }
}
