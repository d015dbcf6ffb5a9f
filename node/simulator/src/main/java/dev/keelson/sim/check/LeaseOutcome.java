package dev.keelson.sim.check;

import java.util.List;

/** What a client knows of the fate of a request about a lease. Times are in seconds, as etcd tells them. */
public sealed interface LeaseOutcome {

    /** Granted or kept alive: from its sending on the lease lives for this long. */
    record Renewed(long ttlSeconds) implements LeaseOutcome {}

    /** It is over; {@code revision} is at least that of its end. */
    record Revoked(long revision) implements LeaseOutcome {}

    /** It lives. */
    record Living(long remainingSeconds, long grantedSeconds, List<String> keys) implements LeaseOutcome {
        public Living {
            keys = List.copyOf(keys);
        }
    }

    /** There is no such lease. */
    record NotFound() implements LeaseOutcome {}

    /** Refused without any effect, for a reason that says nothing of the lease. */
    record Refused() implements LeaseOutcome {}

    /** It may have taken effect or may still do so. */
    record Unknown() implements LeaseOutcome {}
}
