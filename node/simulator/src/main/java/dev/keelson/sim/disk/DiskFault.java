package dev.keelson.sim.disk;

/** The kinds of faults that a {@link SimDisk} injects. */
public enum DiskFault {
    /** The power went: what was not synced is lost in part or whole. */
    POWER_LOSS(false),
    /** A sync reported an error, and what it should have written is not durable. */
    FAILED_SYNC(false),
    /** A call was refused for want of space. */
    FULL_DISK(false),
    /** A sync reported success and made nothing durable; the next honest one makes up for it. */
    LYING_SYNC(true),
    /** A sector cannot be read any more until it is written as a whole. */
    LATENT_SECTOR(true),
    /** One bit of a sector changed. */
    BIT_FLIP(true),
    /** A sector shows what stood there before it was last written. */
    STALE_SECTOR(true),
    /** A sector's write went to another place: its own shows what stood there before, the other is overwritten. */
    MISDIRECTED_WRITE(true);

    private final boolean destructive;

    DiskFault(boolean destructive) {
        this.destructive = destructive;
    }

    /** Whether it can take what a sync had promised, so that a {@link DamageBudget} has to allow it. */
    public boolean destructive() {
        return destructive;
    }
}
