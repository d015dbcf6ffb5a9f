package dev.keelson.sim.check;

import dev.keelson.sim.check.LeaseOperation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the answers about leases say of each lease, whenever it was that they were given.
 *
 * <p>Thread rule: one thread.
 */
final class LeaseBook {

    /** One lease. */
    static final class Page {

        private final long lease;
        private final List<LeaseOperation> operations = new ArrayList<>();
        private long knownFrom = Long.MAX_VALUE;
        private long ttlSeconds;
        private long revokedFrom = Long.MAX_VALUE;
        private long earliestEnd = Long.MIN_VALUE;
        private @Nullable LeaseOperation lastRenewal;

        Page(long lease) {
            this.lease = lease;
        }

        long lease() {
            return lease;
        }

        List<LeaseOperation> operations() {
            return operations;
        }

        /** When somebody knew that it exists; {@link Long#MAX_VALUE} if nobody ever did. */
        long knownFrom() {
            return knownFrom;
        }

        /** What it was granted for; 0 if nobody learnt it. */
        long ttlSeconds() {
            return ttlSeconds;
        }

        /** Since when somebody may have revoked it; {@link Long#MAX_VALUE} when nobody asked for it. */
        long revokedFrom() {
            return revokedFrom;
        }

        /** Before this moment it has not expired, as renewals were acknowledged; the one that counts is the last. */
        long earliestEnd() {
            return earliestEnd;
        }

        /** The acknowledged renewal, or grant, by which it lives longest; null if there is none. */
        @Nullable
        LeaseOperation lastRenewal() {
            return lastRenewal;
        }

        boolean mayBeGoneAt(long moment) {
            return revokedFrom <= moment || earliestEnd <= moment;
        }

        private void add(LeaseOperation operation, LeaseTerms terms) {
            operations.add(operation);
            if (operation.kind() == Kind.REVOKE && !(operation.outcome() instanceof LeaseOutcome.Refused)) {
                revokedFrom = Math.min(revokedFrom, operation.invoked());
            }
            if (operation.outcome() instanceof LeaseOutcome.Renewed(long seconds)) {
                known(operation, seconds);
                long end = terms.earliestEnd(operation.invoked(), seconds);
                if (end > earliestEnd) {
                    earliestEnd = end;
                    lastRenewal = operation;
                }
            } else if (operation.outcome() instanceof LeaseOutcome.Living living) {
                known(operation, living.grantedSeconds());
            }
        }

        private void known(LeaseOperation operation, long seconds) {
            ttlSeconds = Math.max(ttlSeconds, seconds);
            knownFrom = Math.min(knownFrom, operation.returned());
        }
    }

    private final Map<Long, Page> pages = new TreeMap<>();
    private int unnamed;

    LeaseBook(List<LeaseOperation> operations, LeaseTerms terms) {
        for (LeaseOperation operation : operations) {
            if (operation.lease() == 0) {
                unnamed++;
            } else {
                pages.computeIfAbsent(operation.lease(), Page::new).add(operation, terms);
            }
        }
    }

    @Nullable
    Page page(long lease) {
        return pages.get(lease);
    }

    Collection<Page> pages() {
        return pages.values();
    }

    /** How many leases there may be at most. */
    int leases() {
        return pages.size() + unnamed;
    }
}
