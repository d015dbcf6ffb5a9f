package dev.keelson.sim.world;

/** Where the events of a run are told. */
@FunctionalInterface
public interface Journal {

    /** Keeps nothing. */
    Journal NONE = (_, _, _, _) -> {};

    /** {@code member} is 0 for what concerns none; what {@code detail} is depends on {@code what}. */
    void note(long atMicros, String what, long member, long detail);
}
