package dev.keelson.server.member;

import java.util.function.BooleanSupplier;

/**
 * Ends a member that the cluster has removed, a little later: whoever asked for it through this member is to be answered,
 * and the others are to hear what it committed last.
 *
 * <p>Thread rule: {@link #tick} by one thread, {@link #told} by any.
 */
final class Removal {

    /** Why the process ends. */
    static final String REASON = "the member has been permanently removed from the cluster";

    private static final int TICKS_MIN = 10;

    private final BooleanSupplier removed;
    private final MemberEvents events;
    private volatile boolean told;
    private int ticks;

    Removal(BooleanSupplier removed, MemberEvents events) {
        this.removed = removed;
        this.events = events;
    }

    /** What to tell the one who starts it again. */
    static JoinRefusedException refusal() {
        return new JoinRefusedException(
                REASON + "; to join again, add it anew and start it with an empty data directory");
    }

    /** Another member has said so; this one may never hear of the decision itself. */
    void told() {
        told = true;
    }

    void tick() {
        if (!told && !removed.getAsBoolean()) {
            return;
        }
        if (ticks == 0) {
            events.warn("this member was removed from the cluster and stops");
        }
        if (ticks++ == TICKS_MIN) {
            events.fatal(REASON + "; the data-dir used by this member must be removed", refusal());
        }
    }
}
