package dev.keelson.mvcc.lease;

import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.key.LeaseRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clock of the leases while this member leads: when each is due, and what has to be noted down of it before.
 *
 * <p>It knows nothing outside a leader's term. A new leader inherits the leases of the store little by little; each gets
 * the time that was left of it, and an election time-out on top for what the change of leader may have cost its owner.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A life counts from a tick after the event that began it, so whatever the clock did meanwhile, a lease never runs
 *       out before its owner's own count says so.
 *   <li>A deadline moves forward only, and a lease whose end was decided stays so within the term.
 *   <li>A renewal that answers before the last note of what is left was taken back does not exist: the leader after this
 *       one would believe the note.
 * </ul>
 *
 * <p>A renewal only moves the deadline. The queue looks at the lease when it would have been due without, and then puts
 * it in its new place: one move for each life instead of one for each renewal.
 *
 * <p>Thread rule: any thread; every method holds the lock for a bounded time.
 */
public final class Lessor {

    /** Not leading. */
    public static final long NO_TERM = 0;

    /** After this time a lease whose end was proposed in vain is proposed again, in milliseconds (as etcd). */
    static final long RETRY_MILLIS = 3_000;

    /** Leases that one tick looks at; more of them wait for the next one. */
    static final int LOOKED_AT_PER_TICK_MAX = 20_000;

    private static final long SECOND_MILLIS = 1_000;

    private final long extensionMillis;
    private final long checkpointMillis;
    private final Map<Long, HeldLease> leases = new HashMap<>();
    private final List<HeldLease> starting = new ArrayList<>();
    private final DueQueue queue = new DueQueue();
    private final ExpirySpread spread = new ExpirySpread();
    private long term = NO_TERM;
    private boolean complete;
    private boolean promotionTimed;
    private long promotionMillis;
    private long nowMillis;

    /** What came of a renewal. */
    public enum Outcome {
        /** It lives its whole time again. */
        RENEWED,
        /** Its end is decided; whoever renews it has to wait for that. */
        EXPIRING,
        /** There is no such lease. */
        MISSING,
        /** It may be one that is not inherited yet. */
        NOT_LOADED,
        /** This member does not lead in that term. */
        DEMOTED
    }

    /** A lease, told from another one that was given the same id later. */
    public record Identity(long id, long grantIndex) {}

    /**
     * @param ttlSeconds what the lease was granted for
     * @param checkpoints not 0 when a note of what is left of it has to be taken back before anybody hears of the renewal;
     *     to be handed to {@link #cleared}
     */
    public record Renewal(Outcome outcome, long ttlSeconds, long grantIndex, long checkpoints) {

        private static final Renewal EXPIRING = refused(Outcome.EXPIRING);
        private static final Renewal MISSING = refused(Outcome.MISSING);
        private static final Renewal NOT_LOADED = refused(Outcome.NOT_LOADED);
        private static final Renewal DEMOTED = refused(Outcome.DEMOTED);

        private static Renewal refused(Outcome outcome) {
            return new Renewal(outcome, 0, 0, 0);
        }
    }

    /** @param remainingSeconds what is left of it, rounded up */
    public record Rest(Identity lease, long remainingSeconds) {}

    /**
     * What a tick found.
     *
     * @param term in which it found it
     * @param expired leases whose end is decided, in the order of their deadlines
     * @param rests what is to be noted down
     */
    public record Due(long term, List<Identity> expired, List<Rest> rests) {}

    /** What is known of the time a lease has left: milliseconds, at least 0. */
    public record Remaining(long millis, long ttlSeconds) {}

    /**
     * @param extensionMillis what an inherited lease gets on top: an election time-out
     * @param checkpointMillis the part of a life after which what is left of it is noted down
     */
    public Lessor(long extensionMillis, long checkpointMillis) {
        this.extensionMillis = extensionMillis;
        this.checkpointMillis = checkpointMillis;
    }

    /** Begins a term as the leader, with nothing inherited yet. */
    public synchronized void promote(long newTerm) {
        Invariant.check(newTerm > term, () -> "leading in term " + newTerm + " after term " + term);
        forget();
        term = newTerm;
    }

    /** Forgets everything: somebody else leads. */
    public synchronized void demote() {
        forget();
        term = NO_TERM;
    }

    private void forget() {
        leases.clear();
        starting.clear();
        queue.clear();
        spread.clear();
        complete = false;
        promotionTimed = false;
    }

    /** The term it leads in, or {@link #NO_TERM}. */
    public synchronized long term() {
        return term;
    }

    /** Leases it knows of. */
    public synchronized int size() {
        return leases.size();
    }

    /** A grant took effect. */
    public synchronized void granted(Identity granted, long ttlSeconds) {
        if (term == NO_TERM) {
            return;
        }
        remove(leases.get(granted.id()));
        var lease = new HeldLease(granted.id(), granted.grantIndex(), ttlSeconds * SECOND_MILLIS);
        leases.put(lease.id, lease);
        start(lease, lease.ttlMillis);
    }

    /** The lease of that id is gone. */
    public synchronized void revoked(long id) {
        remove(leases.get(id));
    }

    /** The end of a lease was proposed, but there was no such lease. */
    public synchronized void wasGone(Identity lease) {
        remove(find(term, lease));
    }

    private void remove(@Nullable HeldLease lease) {
        if (lease != null) {
            leases.remove(lease.id);
            queue.remove(lease);
        }
    }

    private @Nullable HeldLease find(long inTerm, Identity identity) {
        HeldLease lease = inTerm == term ? leases.get(identity.id()) : null;
        return lease != null && lease.grantIndex == identity.grantIndex() ? lease : null;
    }

    /** Inherits a lease that the store holds, unless it is known. The store must not change meanwhile. */
    public synchronized void inherit(LeaseRow row) {
        if (term == NO_TERM || leases.containsKey(row.id())) {
            return;
        }
        var lease = new HeldLease(row.id(), row.grantIndex(), row.ttlSeconds() * SECOND_MILLIS);
        lease.inherited = true;
        lease.checkpoints = row.remainingSeconds() > 0 ? 1 : 0;
        leases.put(lease.id, lease);
        long lifeMillis = row.lifeSeconds() * SECOND_MILLIS + extensionMillis;
        if (promotionTimed) {
            live(lease, promotionMillis, lifeMillis);
        } else {
            start(lease, lifeMillis);
        }
    }

    /** Everything that the store held is inherited. */
    public synchronized void inheritedAll() {
        complete = true;
    }

    private void start(HeldLease lease, long lifeMillis) {
        lease.lifeMillis = Math.max(lease.starting ? lease.lifeMillis : 0, lifeMillis);
        if (!lease.starting) {
            lease.starting = true;
            starting.add(lease);
        }
    }

    /** Lets a lease live its whole time again. */
    public synchronized Renewal renew(long inTerm, long id) {
        if (term == NO_TERM || inTerm != term) {
            return Renewal.DEMOTED;
        }
        HeldLease lease = leases.get(id);
        if (lease == null) {
            return complete ? Renewal.MISSING : Renewal.NOT_LOADED;
        }
        if (lease.expiring) {
            return Renewal.EXPIRING;
        }
        lease.inherited = false;
        start(lease, lease.ttlMillis);
        return new Renewal(
                Outcome.RENEWED,
                lease.ttlMillis / SECOND_MILLIS,
                lease.grantIndex,
                lease.isNoted() ? lease.checkpoints : 0);
    }

    /** The notes of what is left of a lease up to the one {@code checkpoints} are taken back. */
    public synchronized void cleared(long inTerm, Identity identity, long checkpoints) {
        HeldLease lease = find(inTerm, identity);
        if (lease != null) {
            lease.checkpointsCleared = Math.max(lease.checkpointsCleared, checkpoints);
        }
    }

    /** Whether the end of this lease is decided and not carried out yet. */
    public synchronized boolean isExpiring(long inTerm, long id) {
        HeldLease lease = inTerm == term ? leases.get(id) : null;
        return lease != null && lease.expiring;
    }

    /** The time a lease has left; null when it is not known here. */
    public synchronized @Nullable Remaining remaining(long id) {
        HeldLease lease = leases.get(id);
        if (lease == null) {
            return null;
        }
        long untilDeadline = lease.deadlineMillis == Long.MIN_VALUE ? 0 : lease.deadlineMillis - nowMillis;
        long left = lease.starting ? Math.max(lease.lifeMillis, untilDeadline) : untilDeadline;
        return new Remaining(Math.max(left, 0), lease.ttlMillis / SECOND_MILLIS);
    }

    /** These ids, the ones that are due first in front; unknown ones at the end in the order given. */
    public List<Long> inOrderOfDeadlines(List<Long> ids) {
        record Deadline(long id, long millis) {}
        var known = new ArrayList<Deadline>(ids.size());
        synchronized (this) {
            for (long id : ids) {
                HeldLease lease = leases.get(id);
                known.add(new Deadline(id, lease == null ? HeldLease.NEVER : expected(lease)));
            }
        }
        return known.stream()
                .sorted((a, b) -> Long.compare(a.millis, b.millis))
                .map(Deadline::id)
                .toList();
    }

    private long expected(HeldLease lease) {
        return lease.starting ? Math.max(lease.deadlineMillis, nowMillis + lease.lifeMillis) : lease.deadlineMillis;
    }

    /**
     * Lets time pass.
     *
     * @param now a clock that only goes forward
     * @param expiriesMax leases whose end may be decided now
     * @param restsMax leases that may be noted down now
     */
    public synchronized Due tick(long now, int expiriesMax, int restsMax) {
        nowMillis = now;
        if (term == NO_TERM) {
            return new Due(NO_TERM, List.of(), List.of());
        }
        if (!promotionTimed) {
            promotionTimed = true;
            promotionMillis = now;
        }
        for (HeldLease lease : starting) {
            lease.starting = false;
            if (leases.get(lease.id) == lease) {
                live(lease, now, lease.lifeMillis);
            }
        }
        starting.clear();
        if (complete) {
            // Everything inherited has its place.
            spread.clear();
        }
        var due = new Due(term, new ArrayList<>(), new ArrayList<>());
        HeldLease first = queue.first();
        for (int looked = 0; first != null && looked < LOOKED_AT_PER_TICK_MAX; looked++, first = queue.first()) {
            if (first.queuedMillis > now || (first.deadlineMillis <= now && due.expired.size() == expiriesMax)) {
                break;
            }
            look(first, due, restsMax);
        }
        return due;
    }

    private void live(HeldLease lease, long fromMillis, long lifeMillis) {
        long deadline = fromMillis + lifeMillis;
        lease.deadlineMillis = Math.max(lease.deadlineMillis, lease.inherited ? spread.place(deadline) : deadline);
        lease.checkpointMillis = lifeMillis > checkpointMillis ? fromMillis + checkpointMillis : HeldLease.NEVER;
        if (lease.queueIndex == DueQueue.NOWHERE) {
            queue.put(lease, lease.nextMillis());
        }
    }

    private void look(HeldLease lease, Due due, int restsMax) {
        if (lease.nextMillis() > lease.queuedMillis) {
            // Renewed since it was put there; even if it is due by now, others may have been due before it.
            queue.put(lease, lease.nextMillis());
        } else if (lease.deadlineMillis <= nowMillis) {
            lease.expiring = true;
            queue.remove(lease);
            due.expired.add(identity(lease));
        } else if (due.rests.size() == restsMax) {
            queue.put(lease, nowMillis + 1);
        } else {
            long leftMillis = lease.deadlineMillis - nowMillis;
            lease.checkpoints++;
            lease.checkpointMillis = leftMillis > checkpointMillis ? nowMillis + checkpointMillis : HeldLease.NEVER;
            // Without what an inheritance gave on top: it would grow with every change of leader.
            long leftSeconds = Math.ceilDiv(Math.min(leftMillis, lease.ttlMillis), SECOND_MILLIS);
            due.rests.add(new Rest(identity(lease), leftSeconds));
            queue.put(lease, lease.nextMillis());
        }
    }

    private static Identity identity(HeldLease lease) {
        return new Identity(lease.id, lease.grantIndex);
    }

    /** The end of a lease was proposed in vain: it will be proposed again. */
    public synchronized void retry(long inTerm, Identity identity) {
        HeldLease lease = find(inTerm, identity);
        if (lease != null && lease.expiring) {
            queue.put(lease, nowMillis + RETRY_MILLIS);
        }
    }
}
