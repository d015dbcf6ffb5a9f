package dev.keelson.sim.workload;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.lease.LeaseGrant;
import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.check.LeaseOperation;
import dev.keelson.sim.check.LeaseOperation.Kind;
import dev.keelson.sim.check.LeaseOutcome;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Clients that hold a lease each: they have it granted, keep it alive for a while, through any member, ask what is left
 * of it, and in the end revoke it, or leave it alone and look until it is gone.
 *
 * <p>Thread rule: one thread.
 */
public final class LeaseClients {

    private static final long GIVE_UP_MICROS = 10 * World.MICROS_PER_SECOND;
    private static final long LINK_MICROS_MAX = 2_000;
    private static final long PAUSE_MICROS_MAX = World.MICROS_PER_SECOND;
    private static final int LOOKS_MAX = 120;
    private static final int RENEWALS_MAX = 8;
    private static final int ALONGSIDE = 4;
    private static final long SHORT_SECONDS_MAX = 4;
    private static final long LONG_SECONDS_MAX = 20;

    private final World world;
    private final SimCluster cluster;
    private final Consumer<LeaseOperation> recorder;
    private final RandomGenerator random;
    private final List<Long> living = new ArrayList<>();
    private boolean stopped;
    private long nextId = 1;
    private int underWay;

    public LeaseClients(World world, SimCluster cluster, Consumer<LeaseOperation> recorder) {
        this.world = world;
        this.cluster = cluster;
        this.recorder = recorder;
        this.random = world.random(Stream.LEASES);
    }

    public void start(int count) {
        for (int i = 0; i < count; i++) {
            begin();
        }
    }

    /** Nobody grants, renews or looks any more; what is under way still gets its answer or is given up. */
    public void stop() {
        stopped = true;
    }

    public boolean isQuiet() {
        return underWay == 0;
    }

    /** A lease that nobody has left yet, or only just; 0 when there is none. */
    public long draw() {
        return living.isEmpty() ? 0 : living.get(random.nextInt(living.size()));
    }

    private void later(long microsMax, Runnable action) {
        world.after(random.nextLong(1, microsMax), 0, () -> {
            if (!stopped) {
                action.run();
            }
        });
    }

    private void begin() {
        later(PAUSE_MICROS_MAX, () -> {
            boolean isLong = random.nextInt(4) == 0;
            var holder = new Holder(1 + random.nextLong(isLong ? LONG_SECONDS_MAX : SHORT_SECONDS_MAX));
            holder.grant();
        });
    }

    /** One lease in the hands of its owner. */
    private final class Holder {

        private final long asked;
        private long lease;
        private long ttlSeconds;
        private long term;
        private int renewals = random.nextInt(RENEWALS_MAX);
        private int looks;

        Holder(long ttlSeconds) {
            this.asked = ttlSeconds;
        }

        void grant() {
            long id = random.nextInt(4) == 0 ? 0 : nextId++;
            ask(
                    Kind.GRANT,
                    id,
                    (engine, turn) -> engine.leases().grant(id, asked, turn.reply((LeaseGrant grant) -> {
                        turn.lease = grant.id();
                        return new LeaseOutcome.Renewed(grant.ttlSeconds());
                    })),
                    turn -> {
                        if (turn.outcome instanceof LeaseOutcome.Renewed(long seconds)) {
                            lease = turn.lease;
                            ttlSeconds = seconds;
                            term = term();
                            living.add(lease);
                            hold();
                        } else {
                            begin();
                        }
                    });
        }

        private long term() {
            return cluster.leader()
                    .map(leader -> leader.engine().raftStatus().term())
                    .orElse(0L);
        }

        /** Until the next renewal, or the end. */
        private void hold() {
            if (random.nextInt(ALONGSIDE) == 0) {
                // Another one who knows the lease: what he does crosses what the owner does.
                later(ttlSeconds * World.MICROS_PER_SECOND, this::renewAlongside);
            }
            long second = World.MICROS_PER_SECOND;
            long micros = random.nextInt(4) == 0 ? ttlSeconds * second * 5 / 4 : ttlSeconds * second * 2 / 3;
            later(micros, () -> {
                if (renewals-- > 0) {
                    renew();
                } else if (random.nextInt(3) == 0) {
                    revoke();
                } else {
                    look();
                }
            });
        }

        private void renew() {
            ask(Kind.KEEP_ALIVE, lease, this::keepAlive, turn -> {
                if (turn.outcome instanceof LeaseOutcome.NotFound) {
                    gone();
                } else {
                    hold();
                }
            });
        }

        private void renewAlongside() {
            ask(Kind.KEEP_ALIVE, lease, this::keepAlive, _ -> {});
        }

        private void keepAlive(NodeEngine engine, Turn turn) {
            engine.leases().keepAlive(AuthClients.root(engine), lease, turn.reply((Long seconds) -> {
                if (seconds == 0) {
                    return new LeaseOutcome.NotFound();
                }
                if (!turn.askedLeader) {
                    cluster.goals().reach(Goal.KEEP_ALIVE_FORWARDED);
                }
                return new LeaseOutcome.Renewed(seconds);
            }));
        }

        private void revoke() {
            ask(
                    Kind.REVOKE,
                    lease,
                    (engine, turn) -> engine.leases()
                            .revoke(AuthClients.root(engine), lease, turn.reply(LeaseOutcome.Revoked::new)),
                    turn -> {
                        if (turn.outcome instanceof LeaseOutcome.Revoked) {
                            cluster.goals().reach(Goal.LEASE_REVOKED);
                        }
                        if (turn.outcome instanceof LeaseOutcome.Unknown || random.nextInt(4) == 0) {
                            look();
                        } else if (random.nextInt(3) > 0) {
                            // As one who has not heard of the end.
                            renew();
                        } else {
                            leave();
                        }
                    });
        }

        /** Looks what is left of it, again and again until nothing is. */
        private void look() {
            boolean keys = random.nextBoolean();
            ask(
                    Kind.TIME_TO_LIVE,
                    lease,
                    (engine, turn) -> engine.leases()
                            .timeToLive(AuthClients.root(engine), lease, keys, turn.reply(LeaseClients::remaining)),
                    turn -> {
                        if (turn.outcome instanceof LeaseOutcome.NotFound) {
                            gone();
                        } else if (++looks < LOOKS_MAX) {
                            later(PAUSE_MICROS_MAX, this::look);
                        } else {
                            leave();
                        }
                    });
        }

        private void gone() {
            cluster.goals().reach(term() == term ? Goal.LEASE_EXPIRED : Goal.LEASE_EXPIRED_AFTER_FAIL_OVER);
            leave();
        }

        /** For a little longer others may try to attach keys to it. */
        private void leave() {
            world.after(random.nextLong(1, PAUSE_MICROS_MAX), 0, () -> living.remove(lease));
            begin();
        }
    }

    private static LeaseOutcome remaining(LeaseTtl ttl) {
        if (!ttl.exists()) {
            return new LeaseOutcome.NotFound();
        }
        List<String> keys = ttl.keys().stream().map(Translation::text).toList();
        return new LeaseOutcome.Living(ttl.remainingSeconds(), ttl.grantedSeconds(), keys);
    }

    /** What is asked of a node. */
    private interface Call {
        void on(NodeEngine engine, Turn turn);
    }

    private void ask(Kind kind, long lease, Call call, Consumer<Turn> then) {
        List<SimMember> serving =
                cluster.members().stream().filter(SimMember::isServing).toList();
        if (serving.isEmpty()) {
            later(PAUSE_MICROS_MAX, () -> ask(kind, lease, call, then));
            return;
        }
        SimMember member = serving.get(random.nextInt(serving.size()));
        var turn = new Turn(member, kind, lease, then);
        underWay++;
        world.after(link(), member.id(), () -> member.request(engine -> call.on(engine, turn)));
        world.after(GIVE_UP_MICROS, 0, () -> turn.end(new LeaseOutcome.Unknown()));
    }

    private long link() {
        return random.nextLong(1, LINK_MICROS_MAX);
    }

    /** One request. */
    private final class Turn {

        private final SimMember member;
        private final Kind kind;
        private final Consumer<Turn> then;
        private final boolean askedLeader;
        private final long invoked = world.nowMicros();
        private long lease;
        private boolean over;
        private LeaseOutcome outcome = new LeaseOutcome.Unknown();

        Turn(SimMember member, Kind kind, long lease, Consumer<Turn> then) {
            this.member = member;
            this.kind = kind;
            this.lease = lease;
            this.then = then;
            this.askedLeader = thinksItLeads();
        }

        private boolean thinksItLeads() {
            return member.engine().raftStatus().leader() == member.id();
        }

        <T> Reply<T> reply(Function<T, LeaseOutcome> translation) {
            return new Reply<>() {
                @Override
                public void succeed(T result) {
                    travelBack(translation.apply(result));
                }

                @Override
                public void fail(StoreException error) {
                    travelBack(refusal(error.error()));
                }
            };
        }

        private LeaseOutcome refusal(StoreError error) {
            if (kind == Kind.KEEP_ALIVE && askedLeader && !thinksItLeads()) {
                cluster.goals().reach(Goal.RENEWAL_REFUSED_BY_DEPOSED_LEADER);
            }
            return switch (error) {
                case LEASE_NOT_FOUND -> new LeaseOutcome.NotFound();
                case TIMEOUT, TIMEOUT_LEADER_FAILURE, TIMEOUT_CONNECTION_LOST, LEADER_CHANGED, STOPPED ->
                    new LeaseOutcome.Unknown();
                default -> new LeaseOutcome.Refused();
            };
        }

        private void travelBack(LeaseOutcome came) {
            world.after(link(), 0, () -> end(came));
        }

        private void end(LeaseOutcome came) {
            if (over) {
                return;
            }
            over = true;
            underWay--;
            outcome = came;
            world.note("lease " + kind + " " + came.getClass().getSimpleName(), member.id(), lease);
            boolean named = lease != 0 || kind == Kind.GRANT;
            if (named) {
                recorder.accept(new LeaseOperation(kind, lease, invoked, world.nowMicros(), came));
            }
            if (!stopped) {
                then.accept(this);
            }
        }
    }
}
