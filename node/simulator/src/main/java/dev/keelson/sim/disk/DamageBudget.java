package dev.keelson.sim.disk;

/** Says whether a disk may take what it had promised to keep. */
@FunctionalInterface
public interface DamageBudget {

    DamageBudget UNLIMITED = () -> true;

    DamageBudget NOTHING = () -> false;

    /** Asks for leave to destroy; where it is given the disk counts as damaged from now on. */
    boolean claim();
}
