package dev.keelson.e2e;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.KillingMembers;
import dev.keelson.e2e.harness.LeaseHolders;
import dev.keelson.e2e.harness.Tools;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Many short leases, some renewed and some left to die, while members are killed with longer pauses than leases live.
 *
 * <p>A new leader gives every lease its whole TTL of two seconds again and an election time-out on top. Leaders
 * that are killed one after the other before that is over let a lease live on as long as they come, and they may.
 */
class LeaseLivesTest {

    private static final int HOLDERS = 30;
    /** The TTL, an election time-out, and what a busy machine takes to end thirty leases. */
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);

    private static final Duration CYCLES_MAX = Duration.ofMinutes(30);

    /** An election, the whole TTL again from the new leader, the pace at which leases are looked at, a busy machine. */
    private static final Duration LATE_MAX = Duration.ofSeconds(15);

    private final Cycles cycles = Cycles.of("lives of leases");

    @Test
    void noLeaseDiesEarlyAndNoneLivesOn() {
        try (Cluster cluster = Cluster.start(Tools.server(), "leases", 3);
                LeaseHolders holders = LeaseHolders.start(cluster, HOLDERS, LATE_MAX)) {
            try (var killing = KillingMembers.of(cluster, BETWEEN_KILLS)) {
                Await.until("kills", CYCLES_MAX, () -> {
                    holders.mustBeRight();
                    return killing.kills() >= cycles.count();
                });
            }
            cycles.summary(holders.finish());
        }
    }
}
