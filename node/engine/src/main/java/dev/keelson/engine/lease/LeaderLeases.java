package dev.keelson.engine.lease;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.Worker;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.LeaseChange;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.lease.Lessor;
import dev.keelson.mvcc.lease.Lessor.Due;
import dev.keelson.mvcc.lease.Lessor.Identity;
import dev.keelson.mvcc.lease.Lessor.Remaining;
import dev.keelson.mvcc.lease.Lessor.Renewal;
import dev.keelson.mvcc.lease.Lessor.Rest;
import dev.keelson.raft.RaftStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The leases while this member leads: it renews them, lets them expire, and notes down what is left of them.
 *
 * <p>A term as the lessor begins once the member leads and has applied an entry of its own term, and ends when it learns
 * of another leader. It may learn of that late. Two rules keep that harmless: a renewal is answered only if this member
 * led in the same term before and after a read index that began when it had arrived, so nobody else led meanwhile; and an
 * expiry or a note takes effect only in an entry of the term it was decided in.
 *
 * <p>Thread rule: a term begins, and leases are inherited, on the apply worker, where the store stands still; everything
 * else on any thread.
 */
final class LeaderLeases {

    /** What a renewal answers when there is no such lease. */
    static final long NO_LEASE = 0;

    private final EngineConfig config;
    private final Requests requests;
    private final RaftLoop loop;
    private final ApplyWorker apply;
    private final Worker applyWorker;
    private final Lessor lessor;
    private final LeaseCounters counters;
    private final RevokeWaits waits = new RevokeWaits();
    private final AtomicInteger expiriesInFlight = new AtomicInteger();

    LeaderLeases(EngineConfig config, Leases.Parts parts, LeaseCounters counters) {
        this.config = config;
        this.requests = parts.requests();
        this.loop = parts.loop();
        this.apply = parts.apply();
        this.applyWorker = parts.ports().workers().apply();
        this.lessor =
                new Lessor(config.timing().electionMillis(), config.timing().leaseCheckpointMillis());
        this.counters = counters;
    }

    Lessor lessor() {
        return lessor;
    }

    /** The term this member leads in as far as it knows, or {@link Lessor#NO_TERM}. */
    private long leadsIn() {
        RaftStatus status = loop.status();
        return status.leader() == config.memberId() ? status.term() : Lessor.NO_TERM;
    }

    /** Ends the lessor's term when the member's own has ended. */
    private void follow() {
        boolean demoted;
        // The status is read under the lock: an older one must not undo what a newer one did.
        synchronized (this) {
            demoted = lessor.term() != Lessor.NO_TERM && lessor.term() != leadsIn();
            if (demoted) {
                lessor.demote();
            }
        }
        if (demoted) {
            waits.demoted();
        }
    }

    /** Apply worker: the store contains everything through {@code point}. */
    void applied(AppliedPoint point) {
        follow();
        long term;
        synchronized (this) {
            term = leadsIn();
            if (term == Lessor.NO_TERM || point.term() != term || lessor.term() == term) {
                return;
            }
            lessor.promote(term);
        }
        inherit(term, 0);
    }

    /** Apply worker: leases came and went. */
    void changed(List<LeaseChange> changes) {
        for (LeaseChange change : changes) {
            switch (change) {
                case LeaseChange.Granted(long id, long grantIndex, long ttlSeconds) -> {
                    counters.granted.increment();
                    lessor.granted(new Identity(id, grantIndex), ttlSeconds);
                }
                case LeaseChange.Revoked(long id) -> {
                    counters.revoked.increment();
                    lessor.revoked(id);
                    waits.revoked(id);
                }
            }
        }
    }

    private void inherit(long term, long lo) {
        requests.read(view -> view.leases(lo, NodeLimits.LEASES_LOADED_AT_ONCE), new Reply<List<LeaseRow>>() {
            @Override
            public void succeed(List<LeaseRow> rows) {
                if (lessor.term() != term) {
                    return;
                }
                rows.forEach(lessor::inherit);
                long next = rows.isEmpty() ? 0 : rows.getLast().id() + 1;
                if (rows.size() < NodeLimits.LEASES_LOADED_AT_ONCE || next == 0) {
                    lessor.inheritedAll();
                } else {
                    applyWorker.execute(() -> inherit(term, next));
                }
            }

            @Override
            public void fail(StoreException error) {
                throw new IllegalStateException("reading leases is never refused", error);
            }
        });
    }

    /** Looks for a lease that is not inherited yet, and goes on with {@code found} or {@code missing}. */
    private void inheritOne(long id, Runnable found, Runnable missing) {
        applyWorker.execute(() -> requests.<Boolean>read(
                view -> {
                    LeaseRow row = view.lease(id);
                    if (row != null) {
                        lessor.inherit(row);
                    }
                    return row != null;
                },
                new Reply<>() {
                    @Override
                    public void succeed(Boolean exists) {
                        (exists ? found : missing).run();
                    }

                    @Override
                    public void fail(StoreException error) {
                        throw new IllegalStateException("reading a lease is never refused", error);
                    }
                }));
    }

    /** Lets the lease live its whole time again; the reply carries that time, {@link #NO_LEASE} when there is none. */
    void renew(long id, Reply<Long> reply) {
        long term = leadsIn();
        if (term == Lessor.NO_TERM) {
            reply.fail(new StoreException(StoreError.NOT_LEADER));
            return;
        }
        requests.readLinearizable(_ -> term, new Reply<Long>() {
            @Override
            public void succeed(Long confirmed) {
                renewConfirmed(confirmed, id, reply);
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    private void renewConfirmed(long term, long id, Reply<Long> reply) {
        follow();
        Renewal renewal = lessor.renew(term, id);
        switch (renewal.outcome()) {
            case RENEWED -> {
                if (renewal.checkpoints() == 0) {
                    renewed(renewal, reply);
                } else {
                    takeBackNotes(term, id, renewal, reply);
                }
            }
            case EXPIRING -> awaitRevoke(term, id, reply);
            case MISSING -> reply.succeed(NO_LEASE);
            case NOT_LOADED -> inheritOne(id, () -> renewConfirmed(term, id, reply), () -> reply.succeed(NO_LEASE));
            case DEMOTED -> reply.fail(new StoreException(StoreError.LEADER_CHANGED));
        }
    }

    private void renewed(Renewal renewal, Reply<Long> reply) {
        counters.renewed.increment();
        reply.succeed(renewal.ttlSeconds());
    }

    private void takeBackNotes(long term, long id, Renewal renewal, Reply<Long> reply) {
        var whole = new Command.LeaseRest(id, renewal.grantIndex(), 0);
        requests.propose(new Command.LeaseCheckpoint(term, List.of(whole)), new Reply<Object>() {
            @Override
            public void succeed(Object done) {
                lessor.cleared(term, new Identity(id, renewal.grantIndex()), renewal.checkpoints());
                renewed(renewal, reply);
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    private void awaitRevoke(long term, long id, Reply<Long> reply) {
        var wait = new RevokeWaits.Wait(id, requests.deadlineTick(), reply);
        waits.add(wait);
        // Had the end come just before the wait was added, nobody would tell it.
        if (!lessor.isExpiring(term, id) && waits.remove(wait)) {
            renewConfirmed(term, id, reply);
        }
    }

    /** How long the lease has still to live, and what it holds. */
    void timeToLive(long id, boolean keys, Reply<LeaseTtl> reply) {
        long term = leadsIn();
        if (term == Lessor.NO_TERM) {
            reply.fail(new StoreException(StoreError.NOT_LEADER));
            return;
        }
        requests.readLinearizable(view -> stored(view, id, keys), new Reply<LeaseTtl>() {
            @Override
            public void succeed(LeaseTtl stored) {
                if (stored.exists()) {
                    tell(term, stored, reply);
                } else {
                    reply.succeed(stored);
                }
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    private static LeaseTtl stored(ReadView view, long id, boolean keys) {
        LeaseRow row = view.lease(id);
        return row == null
                ? LeaseTtl.missing(id)
                : new LeaseTtl(id, 0, row.ttlSeconds(), keys ? view.leaseKeys(id) : List.of());
    }

    private void tell(long term, LeaseTtl stored, Reply<LeaseTtl> reply) {
        follow();
        if (lessor.term() != term) {
            reply.fail(new StoreException(StoreError.LEADER_CHANGED));
            return;
        }
        long id = stored.id();
        Remaining remaining = lessor.remaining(id);
        if (remaining == null) {
            inheritOne(id, () -> tell(term, stored, reply), () -> reply.succeed(LeaseTtl.missing(id)));
        } else {
            reply.succeed(new LeaseTtl(id, wholeSeconds(remaining.millis()), remaining.ttlSeconds(), stored.keys()));
        }
    }

    /** Rounded down, and as etcd's clock has moved on a little since a grant, below the whole time at once. */
    private static long wholeSeconds(long millis) {
        return (millis - 1) / 1_000;
    }

    /** Lets time pass. */
    void tick(long nowMillis) {
        follow();
        waits.expire(loop.now());
        AppliedPoint point = apply.applied();
        long term = leadsIn();
        if (term != Lessor.NO_TERM && point.term() == term && lessor.term() != term) {
            // It was not known yet that this member leads when the first entry of its term was applied.
            applyWorker.execute(() -> applied(apply.applied()));
        }
        int room = NodeLimits.LEASE_EXPIRIES_IN_FLIGHT_MAX - expiriesInFlight.get();
        Due due = lessor.tick(
                nowMillis, Math.min(NodeLimits.LEASE_EXPIRIES_PER_TICK_MAX, room), NodeLimits.LEASE_CHECKPOINT_MAX);
        due.expired().forEach(lease -> expire(due.term(), lease));
        if (!due.rests().isEmpty()) {
            note(due.term(), due.rests());
        }
    }

    private void expire(long term, Identity lease) {
        expiriesInFlight.incrementAndGet();
        requests.propose(new Command.LeaseExpire(lease.id(), lease.grantIndex(), term), new Reply<Object>() {
            @Override
            public void succeed(Object revision) {
                expiriesInFlight.decrementAndGet();
                counters.expired.increment();
            }

            @Override
            public void fail(StoreException error) {
                expiriesInFlight.decrementAndGet();
                if (error.error() == StoreError.LEASE_NOT_FOUND) {
                    lessor.wasGone(lease);
                    waits.revoked(lease.id());
                } else {
                    lessor.retry(term, lease);
                }
            }
        });
    }

    private void note(long term, List<Rest> rests) {
        var leases = rests.stream()
                .map(rest ->
                        new Command.LeaseRest(rest.lease().id(), rest.lease().grantIndex(), rest.remainingSeconds()))
                .toList();
        requests.propose(new Command.LeaseCheckpoint(term, leases), new Reply<Object>() {
            @Override
            public void succeed(Object done) {}

            @Override
            public void fail(StoreException error) {
                // The next leader would let them live a little longer: the next note is due soon enough.
            }
        });
    }
}
