package dev.keelson.server.member;

import dev.keelson.engine.Worker;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Looks after the room on the disk: tells the node when it runs short and when it does no more, and puts the reserve back.
 *
 * <p>Thread rule: {@link #tick} by one thread.
 */
final class DiskWatch {

    /**
     * Looks at a full disk before the reserve makes way: whoever fills the disk up is to have come to his end by then, or
     * he would fill the reserve as well.
     */
    static final int SCARCE_LOOKS_MAX = 10;

    private final DiskSpace space;
    private final Consumer<Boolean> isShort;
    private final Worker background;
    private final MemberEvents events;
    private final AtomicBoolean restoring = new AtomicBoolean();
    private boolean wasShort;
    private int scarceLooks;

    /** @param isShort told at every look */
    DiskWatch(DiskSpace space, Consumer<Boolean> isShort, Worker background, MemberEvents events) {
        this.space = space;
        this.isShort = isShort;
        this.background = background;
        this.events = events;
    }

    void tick() {
        boolean nowShort = space.isShort();
        if (nowShort != wasShort) {
            wasShort = nowShort;
            if (nowShort) {
                events.warn(
                        "the disk is nearly full: writes that take space are refused",
                        "free-bytes-min",
                        DiskSpace.FREE_BYTES_MIN);
            } else {
                events.info("the disk has room again: clear the alarm to let writes in");
            }
        }
        isShort.accept(nowShort);
        scarceLooks = space.isScarce() ? scarceLooks + 1 : 0;
        if (scarceLooks >= SCARCE_LOOKS_MAX && space.makeWay()) {
            events.warn("the disk is full: the reserve was given up", "bytes", DiskSpace.RESERVE_BYTES);
        } else if (space.mayBeRestored() && restoring.compareAndSet(false, true)) {
            background.execute(() -> {
                space.restore();
                restoring.set(false);
            });
        }
    }
}
