package dev.keelson.sim.check;

import dev.keelson.sim.check.LeaseOperation.Kind;
import dev.keelson.sim.check.Outcome.Answered;
import dev.keelson.sim.check.Outcome.Reason;
import dev.keelson.sim.check.Outcome.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * Clients that hold leases of a store, which on demand makes one mistake with one of them. Times are in milliseconds.
 *
 * <p>Thread rule: one thread.
 */
final class LeasedHistory {

    /** What the store does wrong, once. */
    enum Fault {
        NONE,
        EXPIRES_EARLY,
        EXPIRES_LATE,
        FORGETS_A_RENEWAL,
        EXPIRY_LEAVES_A_KEY,
        EXPIRY_TAKES_ANOTHER_KEY,
        EXPIRY_IN_TWO_REVISIONS,
        REVOCATION_LEAVES_A_KEY,
        RENEWS_WHAT_WAS_REVOKED,
        RENEWS_WHAT_HAS_EXPIRED,
        DOES_NOT_KNOW_A_LIVING_ONE,
        ATTACHES_TO_A_DEAD_ONE,
        REFUSES_TO_ATTACH_TO_A_LIVING_ONE,
        MORE_LEFT_THAN_GRANTED
    }

    static final long SECOND = 1_000;
    private static final long SLACK = 600;
    private static final long LOOK = 100;

    private static final class Lease {
        private final long ttlSeconds;
        private long due;

        Lease(long ttlSeconds) {
            this.ttlSeconds = ttlSeconds;
        }
    }

    private final Random random;
    private final Fault fault;
    private final boolean watched;
    private final KeyspaceModel model = new KeyspaceModel();
    private final Map<Long, Lease> living = new TreeMap<>();
    private final List<Long> dead = new ArrayList<>();
    private final List<Long> revoked = new ArrayList<>();
    private final LeaseTerms terms = new LeaseTerms(SECOND, LeaseTerms.Rates.TRUE, SLACK, 0);
    private final RevisionChecker revisions = new RevisionChecker(terms);
    private final LeaseChecker leases = new LeaseChecker(terms);
    private long now = SECOND;
    private long nextLease = 1;
    private long values;
    /** The lease with which the mistake was made: nobody renews or revokes it any more. */
    private long leftAlone;

    private boolean faulty;

    /** @param watched whether a watcher is told of every change */
    LeasedHistory(long seed, Fault fault, boolean watched) {
        this.random = new Random(seed);
        this.fault = fault;
        this.watched = watched;
    }

    /** Whether the mistake has been made. */
    boolean faulty() {
        return faulty;
    }

    /** Runs for a while and throws if what came of it is not what a correct store does. */
    void runAndCheck(int steps) {
        for (int step = 0; step < steps; step++) {
            now += 1 + random.nextInt(60);
            expire();
            act(step > steps / 4 && !faulty);
        }
        read(new Request.Range("k", Span.UNBOUNDED, 0, 0, false, false));
        leases.led(0, now);
        revisions.finish();
        leases.finish(revisions.writes());
    }

    private void act(boolean mayFail) {
        switch (random.nextInt(10)) {
            case 0 -> grant();
            case 1, 2, 3 -> attach(mayFail);
            case 4 -> put(0);
            case 5, 6 -> renew(mayFail);
            case 7 -> revoke(mayFail);
            case 8 -> look(mayFail);
            default -> read(new Request.Range("k", Span.UNBOUNDED, 0, 0, false, false));
        }
    }

    private long before() {
        return now - random.nextInt(20);
    }

    private long after() {
        return now + random.nextInt(20);
    }

    private void expire() {
        for (long lease : List.copyOf(living.keySet())) {
            Lease found = lease(lease);
            boolean wrong = !faulty && now > 4 * SECOND && !model.held(lease).isEmpty();
            long due = found.due;
            if (wrong && fault == Fault.EXPIRES_EARLY && due - now > 500) {
                faulty = true;
                due = now;
            }
            if (wrong && fault == Fault.EXPIRES_LATE && due <= now) {
                faulty = true;
                found.due += 3 * SECOND;
                leftAlone = lease;
                continue;
            }
            if (due <= now) {
                end(lease, wrong);
                dead.add(lease);
            }
        }
    }

    private void end(long lease, boolean mayFail) {
        List<String> held = List.copyOf(model.held(lease));
        living.remove(lease);
        if (mayFail && fault == Fault.EXPIRY_LEAVES_A_KEY && held.size() > 1) {
            faulty = true;
            deleted(new Request.DeleteRange(held.getFirst(), "", false), true);
        } else if (mayFail && fault == Fault.EXPIRY_IN_TWO_REVISIONS && held.size() > 1) {
            faulty = true;
            held.forEach(key -> deleted(new Request.DeleteRange(key, "", false), true));
        } else if (mayFail && fault == Fault.EXPIRY_TAKES_ANOTHER_KEY) {
            faulty = true;
            deleted(new Request.DeleteRange("k", Span.UNBOUNDED, false), true);
        } else {
            model.endLease(lease);
            witness();
        }
    }

    private void deleted(Request request, boolean now) {
        if (now) {
            model.apply(request);
            witness();
        }
    }

    private void witness() {
        if (watched) {
            revisions.witness(
                    model.written().stream()
                            .map(change -> new WatchEvent(change.kv(), change.former()))
                            .toList(),
                    now);
        }
    }

    private void grant() {
        long lease = nextLease++;
        var granted = new Lease(1 + random.nextInt(3));
        granted.due = now + granted.ttlSeconds * SECOND + random.nextInt((int) LOOK);
        living.put(lease, granted);
        record(Kind.GRANT, lease, new LeaseOutcome.Renewed(granted.ttlSeconds));
    }

    private void record(Kind kind, long lease, LeaseOutcome outcome) {
        boolean isLost = random.nextInt(30) == 0;
        var operation =
                new LeaseOperation(kind, lease, before(), after(), isLost ? new LeaseOutcome.Unknown() : outcome);
        revisions.accept(operation);
        leases.accept(operation);
    }

    private void certain(Kind kind, long lease, LeaseOutcome outcome) {
        var operation = new LeaseOperation(kind, lease, now, now, outcome);
        revisions.accept(operation);
        leases.accept(operation);
    }

    private long any(List<Long> of) {
        return of.isEmpty() ? 0 : of.get(random.nextInt(of.size()));
    }

    private void attach(boolean mayFail) {
        long lease = any(List.copyOf(living.keySet()));
        long gone = any(dead);
        if (mayFail && fault == Fault.ATTACHES_TO_A_DEAD_ONE && gone != 0) {
            faulty = true;
            certain(Kind.TIME_TO_LIVE, gone, new LeaseOutcome.NotFound());
            now++;
            put(gone);
        } else if (mayFail && fault == Fault.REFUSES_TO_ATTACH_TO_A_LIVING_ONE && lease != 0) {
            faulty = true;
            certain(Kind.KEEP_ALIVE, lease, renewed(lease));
            refuse(lease);
        } else if (gone != 0 && random.nextInt(5) == 0) {
            refuse(gone);
        } else if (lease != 0) {
            put(lease);
        }
    }

    private Lease lease(long id) {
        return Objects.requireNonNull(living.get(id));
    }

    private LeaseOutcome renewed(long lease) {
        Lease found = lease(lease);
        found.due = Math.max(found.due, now + found.ttlSeconds * SECOND);
        return new LeaseOutcome.Renewed(found.ttlSeconds);
    }

    private void put(long lease) {
        var request = new Request.Put("k" + random.nextInt(8), "v" + values++, random.nextBoolean(), lease);
        Response response = model.apply(request);
        witness();
        record(request, new Answered(response));
    }

    private void refuse(long lease) {
        now++;
        record(new Request.Put("k0", "v" + values++, false, lease), new Refused(Reason.LEASE_NOT_FOUND));
    }

    private void read(Request request) {
        record(request, new Answered(model.apply(request)));
    }

    private void record(Request request, Outcome outcome) {
        boolean isLost = random.nextInt(40) == 0;
        var operation = new Operation(
                1, 0, before(), isLost ? Long.MAX_VALUE : after(), request, isLost ? new Outcome.Unknown() : outcome);
        revisions.accept(operation);
        leases.accept(operation);
    }

    private List<Long> tended() {
        return living.keySet().stream().filter(lease -> lease != leftAlone).toList();
    }

    private void renew(boolean mayFail) {
        long lease = any(tended());
        long gone = any(dead);
        long ended = any(revoked);
        if (mayFail && fault == Fault.RENEWS_WHAT_WAS_REVOKED && ended != 0) {
            faulty = true;
            now += 50;
            certain(Kind.KEEP_ALIVE, ended, new LeaseOutcome.Renewed(1));
        } else if (mayFail && fault == Fault.RENEWS_WHAT_HAS_EXPIRED && gone != 0) {
            faulty = true;
            certain(Kind.TIME_TO_LIVE, gone, new LeaseOutcome.NotFound());
            now++;
            certain(Kind.KEEP_ALIVE, gone, new LeaseOutcome.Renewed(1));
        } else if (mayFail && fault == Fault.DOES_NOT_KNOW_A_LIVING_ONE && lease != 0) {
            faulty = true;
            certain(Kind.KEEP_ALIVE, lease, renewed(lease));
            now++;
            certain(Kind.KEEP_ALIVE, lease, new LeaseOutcome.NotFound());
        } else if (mayFail && fault == Fault.FORGETS_A_RENEWAL && lease != 0 && lease(lease).due < now + 200) {
            faulty = !model.held(lease).isEmpty();
            long due = lease(lease).due;
            LeaseOutcome told = renewed(lease);
            certain(Kind.KEEP_ALIVE, lease, told);
            lease(lease).due = faulty ? due : lease(lease).due;
            leftAlone = faulty ? lease : 0;
        } else if (lease != 0 && random.nextInt(4) > 0) {
            record(Kind.KEEP_ALIVE, lease, renewed(lease));
        } else if (gone != 0) {
            record(Kind.KEEP_ALIVE, gone, new LeaseOutcome.NotFound());
        }
    }

    private void revoke(boolean mayFail) {
        long lease = any(tended());
        if (lease == 0) {
            return;
        }
        List<String> held = List.copyOf(model.held(lease));
        living.remove(lease);
        dead.add(lease);
        if (mayFail && fault == Fault.REVOCATION_LEAVES_A_KEY && !held.isEmpty()) {
            faulty = true;
            deleted(new Request.DeleteRange(held.getFirst(), "", false), held.size() > 1);
            certain(Kind.REVOKE, lease, new LeaseOutcome.Revoked(model.revision()));
        } else {
            model.endLease(lease);
            witness();
            record(Kind.REVOKE, lease, new LeaseOutcome.Revoked(model.revision()));
        }
        if (!faulty) {
            certain(Kind.REVOKE, lease, new LeaseOutcome.NotFound());
            revoked.add(lease);
        }
    }

    private void look(boolean mayFail) {
        long lease = living.containsKey(leftAlone) ? leftAlone : any(List.copyOf(living.keySet()));
        long gone = any(dead);
        if (lease != 0 && random.nextBoolean()) {
            Lease found = lease(lease);
            boolean wrong = mayFail && fault == Fault.MORE_LEFT_THAN_GRANTED;
            faulty |= wrong;
            timeToLive(lease, wrong ? found.ttlSeconds + 1 : 0);
        } else if (gone != 0) {
            record(Kind.TIME_TO_LIVE, gone, new LeaseOutcome.NotFound());
        }
    }

    private void timeToLive(long lease, long remaining) {
        Lease found = lease(lease);
        certain(
                Kind.TIME_TO_LIVE,
                lease,
                new LeaseOutcome.Living(remaining, found.ttlSeconds, List.copyOf(model.held(lease))));
    }
}
