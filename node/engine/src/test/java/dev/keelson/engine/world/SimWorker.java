package dev.keelson.engine.world;

import dev.keelson.engine.Worker;

/** A worker of one life of a member: units run in order, each a little later than it was given, none after its death. */
final class SimWorker implements Worker {

    private final World world;
    private final Life life;
    private final long unitMicrosMax;
    private long busyUntil;

    SimWorker(World world, Life life, long unitMicrosMax) {
        this.world = world;
        this.life = life;
        this.unitMicrosMax = unitMicrosMax;
    }

    @Override
    public void execute(Runnable unit) {
        busyUntil = Math.max(busyUntil, world.nowMicros()) + world.delay(1, unitMicrosMax);
        world.after(busyUntil - world.nowMicros(), () -> {
            if (life.isAlive()) {
                unit.run();
            }
        });
    }
}
