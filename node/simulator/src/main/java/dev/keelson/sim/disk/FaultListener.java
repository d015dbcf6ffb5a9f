package dev.keelson.sim.disk;

import java.nio.file.Path;

/** Hears of every fault in the order of their injection, to make it part of a run's record. */
@FunctionalInterface
public interface FaultListener {

    /** Listens to nothing. */
    FaultListener NONE = (_, _, _) -> {};

    /** A fault came over {@code path}, a file or directory, at the byte {@code at} where it has a place in it, else 0. */
    void injected(DiskFault kind, Path path, long at);
}
