package dev.keelson.engine.lease;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.EnginePorts;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.Worker;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.LeaseChange;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.LeaderQuestions;
import dev.keelson.engine.forward.Question;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.key.LeaseRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What clients ask about leases.
 *
 * <p>Thread rule: any thread; nothing blocks, replies come on the node's workers.
 */
public final class Leases {

    private static final long SECOND_MILLIS = 1_000;
    private static final byte[] SINGLE = {};

    private final EngineConfig config;
    private final Requests requests;
    private final LeaderQuestions questions;
    private final RaftLoop loop;
    private final Worker readWorker;
    private final RandomGenerator random;
    private final LeaseCounters counters = new LeaseCounters();
    private final LeaderLeases leader;
    private final Auth auth;

    /** The parts of a node this class works on. */
    public record Parts(
            Requests requests,
            LeaderQuestions questions,
            RaftLoop loop,
            ApplyWorker apply,
            Auth auth,
            EnginePorts ports) {}

    public Leases(EngineConfig config, Parts parts) {
        this.config = config;
        this.requests = parts.requests();
        this.questions = parts.questions();
        this.loop = parts.loop();
        this.readWorker = parts.ports().workers().reads();
        this.random = parts.ports().random();
        this.leader = new LeaderLeases(config, parts, counters);
        this.auth = parts.auth();
    }

    /**
     * Grants a lease.
     *
     * @param id 0 lets the node choose
     * @param ttlSeconds raised to 1.5 election time-outs; above 9,000,000,000 it is refused, as by etcd
     */
    public void grant(long id, long ttlSeconds, Reply<LeaseGrant> reply) {
        if (ttlSeconds > NodeLimits.LEASE_TTL_SECONDS_MAX) {
            reply.fail(new StoreException(StoreError.LEASE_TTL_TOO_LARGE));
            return;
        }
        long allowed = Math.max(ttlSeconds, secondsMin());
        if (id != 0) {
            propose(new LeaseGrant(id, allowed), reply);
        } else {
            // The source of chance belongs to the consensus worker.
            loop.post(_ -> propose(new LeaseGrant(drawId(), allowed), reply));
        }
    }

    private long secondsMin() {
        return Math.ceilDiv(3 * config.timing().electionMillis(), 2 * SECOND_MILLIS);
    }

    /** A positive number. */
    private long drawId() {
        long id = 0;
        while (id == 0) {
            id = random.nextLong() >>> 1;
        }
        return id;
    }

    private void propose(LeaseGrant grant, Reply<LeaseGrant> reply) {
        requests.propose(
                new Command.LeaseGrant(grant.id(), grant.ttlSeconds()),
                new Mapped<Object, LeaseGrant>(reply, _ -> grant));
    }

    /** Ends a lease with all keys it holds, in one revision; the reply carries the store's revision. */
    public void revoke(Principal caller, long id, Reply<Long> reply) {
        requests.propose(caller, new Command.LeaseRevoke(id), reply);
    }

    /**
     * Lets the lease live its whole time again; the reply carries that time in seconds, 0 when there is no such lease. The
     * caller must be allowed to write the keys that it holds, as far as this member knows.
     */
    public void keepAlive(Principal caller, long id, Reply<Long> reply) {
        if (!auth.state().enabled()) {
            renew(id, reply);
            return;
        }
        requests.read(
                view -> {
                    auth.checkRenewal(view, caller, id);
                    return id;
                },
                new Reply<Long>() {
                    @Override
                    public void succeed(Long allowed) {
                        renew(id, reply);
                    }

                    @Override
                    public void fail(StoreException error) {
                        reply.fail(error);
                    }
                });
    }

    private void renew(long id, Reply<Long> reply) {
        ask(new Question.RenewLease(id), reply, answer -> ((Answer.LeaseRenewed) answer).ttlSeconds());
    }

    /**
     * Tells how long the lease has still to live. If its keys are told, too, the caller must be allowed to read them all; it
     * is the keys of the answer that count, since the leader may know of more than this member (etcd #15815).
     */
    public void timeToLive(Principal caller, long id, boolean keys, Reply<LeaseTtl> reply) {
        var question = new Question.LeaseTimeToLive(id, keys);
        AuthState before = auth.state();
        questions.ask(question, requests.deadlineTick(), new Reply<Answer>() {
            @Override
            public void succeed(Answer answer) {
                LeaseTtl ttl = ((Answer.LeaseTime) answer).ttl();
                try {
                    if (keys) {
                        requireReadable(before, caller, ttl.keys());
                        auth.requireStill(before);
                    }
                } catch (StoreException refused) {
                    reply.fail(refused);
                    return;
                }
                reply.succeed(ttl);
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    private static void requireReadable(AuthState state, Principal caller, List<byte[]> keys) {
        if (!state.isRoot(caller)) {
            keys.forEach(key -> state.requireRead(caller, key, SINGLE));
        }
    }

    /** The same, where nobody is asked who it is. */
    public void revoke(long id, Reply<Long> reply) {
        revoke(Principal.NOBODY, id, reply);
    }

    /** The same. */
    public void keepAlive(long id, Reply<Long> reply) {
        keepAlive(Principal.NOBODY, id, reply);
    }

    /** The same. */
    public void timeToLive(long id, boolean keys, Reply<LeaseTtl> reply) {
        timeToLive(Principal.NOBODY, id, keys, reply);
    }

    /** The same. */
    public void list(Reply<List<Long>> reply) {
        list(Principal.NOBODY, reply);
    }

    private <T> void ask(Question.OfLeases question, Reply<T> reply, Function<Answer, T> content) {
        questions.ask(question, requests.deadlineTick(), new Mapped<>(reply, content));
    }

    /** Answers where this member leads. */
    public void answer(Question.OfLeases question, Reply<Answer> reply) {
        switch (question) {
            case Question.RenewLease(long id) -> leader.renew(id, new Mapped<>(reply, Answer.LeaseRenewed::new));
            case Question.LeaseTimeToLive(long id, boolean keys) ->
                leader.timeToLive(id, keys, new Mapped<>(reply, Answer.LeaseTime::new));
        }
    }

    /** A reply in other terms. */
    private record Mapped<S, T>(Reply<T> reply, Function<S, T> content) implements Reply<S> {

        @Override
        public void succeed(S result) {
            reply.succeed(content.apply(result));
        }

        @Override
        public void fail(StoreException error) {
            reply.fail(error);
        }

        @Override
        public boolean isAwaited() {
            return reply.isAwaited();
        }
    }

    /**
     * The ids of all leases this member knows of; on the leader those that are due first in front. The caller must be
     * allowed to read all keys that they hold.
     */
    public void list(Principal caller, Reply<List<Long>> reply) {
        readWorker.execute(() -> requests.read(view -> ids(caller, view), reply));
    }

    private List<Long> ids(Principal caller, ReadView view) {
        AuthState state = auth.state();
        List<Long> ids = ids(view);
        if (!state.isRoot(caller)) {
            ids.forEach(id -> requireReadable(state, caller, view.leaseKeys(id)));
        }
        auth.requireStill(state);
        return ids;
    }

    private List<Long> ids(ReadView view) {
        var ids = new ArrayList<Long>();
        long lo = 0;
        List<LeaseRow> rows;
        do {
            rows = view.leases(lo, NodeLimits.LEASES_LOADED_AT_ONCE);
            rows.forEach(row -> ids.add(row.id()));
            lo = ids.isEmpty() ? 0 : ids.getLast() + 1;
        } while (rows.size() == NodeLimits.LEASES_LOADED_AT_ONCE && lo != 0);
        return leader.lessor().inOrderOfDeadlines(ids);
    }

    /** The store contains everything through {@code point}; on the apply worker, before anybody hears of it. */
    public void applied(AppliedPoint point) {
        leader.applied(point);
    }

    /** Leases came and went; on the apply worker. */
    public void changed(List<LeaseChange> changes) {
        leader.changed(changes);
    }

    /** Lets time pass until {@code nowMillis}, on a clock that only goes forward. */
    public void tick(long nowMillis) {
        leader.tick(nowMillis);
    }

    /** Leases granted since this member started. */
    public long grantedTotal() {
        return counters.granted.sum();
    }

    /** Leases that ended, for whatever reason, since this member started. */
    public long revokedTotal() {
        return counters.revoked.sum();
    }

    /** Renewals that this member has answered as the leader. */
    public long renewedTotal() {
        return counters.renewed.sum();
    }

    /** Leases that this member has let expire as the leader. */
    public long expiredTotal() {
        return counters.expired.sum();
    }

    /** Leases this member watches over as the leader; 0 on the others. */
    public int held() {
        return leader.lessor().size();
    }
}
