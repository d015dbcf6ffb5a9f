package dev.keelson.sim;

/** The kinds of faults and disturbances of a run; each seed draws which of them it has. */
public enum Fault {
    LOSS,
    DUPLICATION,
    REPLAY,
    DELAY,
    PARTITION,
    ONE_WAY_PARTITION,
    CLOG,
    CRASH,
    CRASH_IN_DISK_CALL,
    POWER_LOSS,
    ALL_DOWN,
    PAUSE,
    CLOCK_JUMP,
    DISK_STALL,
    DISK_FULL,
    FAILED_SYNC,
    LYING_SYNC,
    LATENT_SECTOR,
    BIT_FLIP,
    STALE_SECTOR,
    MISDIRECTED_WRITE,
    WIPE,
    TRANSFER,
    RESIZE
}
