package dev.keelson.sim.cluster;

import dev.keelson.engine.Worker;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;

/**
 * A worker of one life of a member: units run in the order they were given, each a little later, none after its death.
 *
 * <p>Thread rule: one thread.
 */
final class SimWorker implements Worker {

    private final World world;
    private final long member;
    private final Life life;
    private final long unitMicrosMax;
    private long busyUntil;

    SimWorker(World world, long member, Life life, long unitMicrosMax) {
        this.world = world;
        this.member = member;
        this.life = life;
        this.unitMicrosMax = unitMicrosMax;
    }

    @Override
    public void execute(Runnable unit) {
        busyUntil = Math.max(busyUntil, world.nowMicros())
                + world.random(Stream.NODE).nextLong(1, unitMicrosMax);
        world.after(busyUntil - world.nowMicros(), member, () -> life.run(unit));
    }

    /** Nothing that is given from now on happens within {@code micros}. */
    void stall(long micros) {
        busyUntil = Math.max(busyUntil, world.nowMicros() + micros);
    }
}
