package dev.keelson.sim.workload;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.Principal;
import dev.keelson.mvcc.OperationResult;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.check.Response;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask a cluster through any of its members, one request at a time each.
 *
 * <p>Thread rule: one thread.
 */
public final class Clients {

    private static final long GIVE_UP_MICROS = 10 * World.MICROS_PER_SECOND;
    private static final long LINK_MICROS_MAX = 2_000;

    private final World world;
    private final SimCluster cluster;
    private final Requests requests;
    private final Recorder recorder;
    private final AuthClients auth;
    private final long pauseMicrosMax;
    private boolean stopped;
    private long newestRevision = 1;
    private long operations;
    private long acknowledgedWrites;
    private int underWay;

    /**
     * @param requests draws what is asked, {@code auth} in whose name
     * @param pauseMicrosMax longest rest of a client between two requests
     */
    public Clients(
            World world,
            SimCluster cluster,
            Requests requests,
            Recorder recorder,
            AuthClients auth,
            long pauseMicrosMax) {
        this.world = world;
        this.cluster = cluster;
        this.requests = requests;
        this.recorder = recorder;
        this.auth = auth;
        this.pauseMicrosMax = pauseMicrosMax;
    }

    public void start(int count) {
        for (int i = 1; i <= count; i++) {
            next(new Client(i));
        }
    }

    /** No new requests; what is under way still gets its answer or is given up. */
    public void stop() {
        stopped = true;
    }

    public boolean isQuiet() {
        return underWay == 0;
    }

    /** The newest revision that any answer has shown. */
    public long newestRevision() {
        return newestRevision;
    }

    /** Requests that changed something and were answered. */
    public long acknowledgedWrites() {
        return acknowledgedWrites;
    }

    /** Requests whose outcome was taken down. */
    public long operations() {
        return operations;
    }

    private static final class Client {
        private final int id;
        private long session;
        private long member;

        Client(int id) {
            this.id = id;
        }

        /** A connection is a session as long as it leads to the same member. */
        long session(long to) {
            if (member != to) {
                member = to;
                session++;
            }
            return session;
        }
    }

    private void next(Client client) {
        world.after(world.random(Stream.WORKLOAD).nextLong(1, pauseMicrosMax), 0, () -> {
            if (stopped) {
                return;
            }
            List<SimMember> serving =
                    cluster.members().stream().filter(SimMember::isServing).toList();
            if (serving.isEmpty()) {
                next(client);
                return;
            }
            SimMember member = serving.get(world.random(Stream.WORKLOAD).nextInt(serving.size()));
            ask(client, member, requests.draw(newestRevision));
        });
    }

    private void ask(Client client, SimMember member, Request request) {
        var turn = new Turn(client, member, request);
        underWay++;
        world.after(link(), member.id(), () -> member.request(engine -> send(engine, request, turn)));
        world.after(GIVE_UP_MICROS, 0, () -> turn.end(new Outcome.Unknown()));
    }

    private long link() {
        return world.random(Stream.WORKLOAD).nextLong(1, LINK_MICROS_MAX);
    }

    private void send(NodeEngine engine, Request request, Turn turn) {
        AuthClients.Asked asked = auth.draw(engine);
        turn.asked = asked;
        Principal caller = asked.caller();
        switch (request) {
            case Request.Put put -> engine.keys().put(caller, Translation.put(put), turn.reply());
            case Request.DeleteRange delete ->
                engine.keys().deleteRange(caller, Translation.delete(delete), turn.reply());
            case Request.Range range -> engine.keys().range(caller, Translation.range(range), turn.reply());
            case Request.Txn txn -> engine.keys().txn(caller, Translation.txn(txn), turn.reply());
            case Request.Compact compact -> engine.compact(compact.revision(), false, turn.compacted());
        }
    }

    /** One request of one client. */
    private final class Turn {

        private final Client client;
        private final SimMember member;
        private final long session;
        private final Request request;
        private final boolean askedLeader;
        private final long invoked = world.nowMicros();
        private AuthClients.@Nullable Asked asked;
        private boolean over;

        Turn(Client client, SimMember member, Request request) {
            this.client = client;
            this.member = member;
            this.session = client.session(member.id());
            this.request = request;
            this.askedLeader = leads(member);
        }

        private static boolean leads(SimMember member) {
            return member.engine().raftStatus().leader() == member.id();
        }

        <T extends OperationResult> Reply<T> reply() {
            return answered(Translation::response);
        }

        Reply<Long> compacted() {
            return answered(Response.Compact::new);
        }

        private <T> Reply<T> answered(java.util.function.Function<T, Response> translation) {
            return new Reply<>() {
                @Override
                public void succeed(T result) {
                    travelBack(new Outcome.Answered(translation.apply(result)));
                }

                @Override
                public void fail(StoreException error) {
                    if (error.error() == StoreError.PERMISSION_DENIED
                            || error.error() == StoreError.AUTH_OLD_REVISION) {
                        auth.refused(Objects.requireNonNull(asked));
                    }
                    travelBack(Translation.outcome(error));
                }
            };
        }

        private void travelBack(Outcome outcome) {
            world.after(link(), 0, () -> end(outcome));
        }

        private void end(Outcome outcome) {
            if (over) {
                return;
            }
            over = true;
            underWay--;
            operations++;
            long returned = outcome instanceof Outcome.Unknown ? Long.MAX_VALUE : world.nowMicros();
            recorder.record(new Operation(client.id, session, invoked, returned, request, outcome));
            note(outcome);
            if (request instanceof Request.Range range && !range.serializable() && askedLeader && !leads(member)) {
                cluster.goals().reach(Goal.LEADER_DEPOSED_WITH_READS_PENDING);
            }
            next(client);
        }

        private void note(Outcome outcome) {
            switch (outcome) {
                case Outcome.Answered(Response response) -> {
                    auth.answered(Objects.requireNonNull(asked), request);
                    newestRevision = Math.max(newestRevision, response.revision());
                    world.note("answer " + request.getClass().getSimpleName(), 0, response.revision());
                    reached(response);
                }
                case Outcome.Refused(Outcome.Reason reason) -> {
                    world.note("refused " + reason, 0, 0);
                    Goal goal = goalOf(reason);
                    if (goal != null) {
                        cluster.goals().reach(goal);
                    }
                }
                case Outcome.Unknown() -> world.note("no answer", 0, 0);
            }
        }

        private void reached(Response response) {
            if (response.advanced()) {
                acknowledgedWrites++;
            }
            switch (response) {
                case Response.Compact _ -> cluster.goals().reach(Goal.COMPACTED);
                case Response.Txn txn when !txn.succeeded() -> cluster.goals().reach(Goal.COMPARE_FAILED);
                default -> {}
            }
        }

        private static @Nullable Goal goalOf(Outcome.Reason reason) {
            return switch (reason) {
                case COMPACTED -> Goal.COMPACTED_READ_REFUSED;
                case FUTURE_REVISION -> Goal.FUTURE_READ_REFUSED;
                case LEASE_NOT_FOUND, OTHER -> null;
            };
        }
    }
}
