package dev.keelson.sim.check;

import dev.keelson.sim.check.Outcome.Answered;
import dev.keelson.sim.check.Outcome.Reason;
import dev.keelson.sim.check.Outcome.Refused;
import dev.keelson.sim.check.Outcome.Unknown;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Clients that run random requests against the model at the same time, each at one point between its invocation and its
 * return; some never learn the outcome. On demand the store behind them makes one mistake.
 *
 * <p>Thread rule: one thread.
 */
final class HistoryGenerator {

    /** What the store does wrong, once, about half way. */
    enum Fault {
        NONE,
        LOST_PUT,
        LOST_DELETE,
        TORN_TXN,
        SKIPPED_REVISION,
        APPLIED_TWICE,
        REUSED_REVISION
    }

    private static final String HIDDEN = "!";
    private static final int CLIENTS = 6;

    private record Pending(int client, long session, long invoked, Request request, boolean unknown) {}

    private final Random random;
    private final RandomRequests requests;
    private final double unknownRate;
    private final Fault fault;
    private final KeyspaceModel model = new KeyspaceModel();
    private final @Nullable Pending[] invoked = new Pending[CLIENTS];
    private final @Nullable Outcome[] done = new Outcome[CLIENTS];
    private final long[] sessions = new long[CLIENTS];
    private final Map<Long, Long> sessionFloor = new HashMap<>();
    private final List<Pending> stray = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private long compacted;
    private long nextSession = 1;
    private long time;
    private int faultAt = Integer.MAX_VALUE;
    private boolean faulty;

    HistoryGenerator(long seed, int keys, double unknownRate, Fault fault) {
        random = new Random(seed);
        requests = new RandomRequests(random, keys);
        this.unknownRate = unknownRate;
        this.fault = fault;
    }

    /** Runs until that many have returned; unknown ones come last. */
    List<Operation> run(int count) {
        faultAt = count / 3;
        while (operations.size() < count) {
            time += random.nextInt(3);
            step(random.nextInt(CLIENTS));
            if (!stray.isEmpty() && random.nextInt(20) == 0) {
                Pending late = stray.remove(random.nextInt(stray.size()));
                if (random.nextBoolean()) {
                    perform(late);
                }
            }
        }
        for (int client = 0; client < CLIENTS; client++) {
            Pending pending = invoked[client];
            if (pending != null && !pending.unknown()) {
                record(pending, Long.MAX_VALUE, new Unknown());
            }
        }
        return operations;
    }

    KeyspaceModel model() {
        return model;
    }

    /** Whether the mistake has been made. */
    boolean faulty() {
        return faulty;
    }

    List<Kv> finalState() {
        var all = new Request.Range("k", Span.UNBOUNDED, 0, 0, false, false);
        return ((Response.Range) model.apply(all)).kvs();
    }

    private void step(int client) {
        Pending pending = invoked[client];
        Outcome outcome = done[client];
        if (pending == null) {
            if (sessions[client] == 0 || random.nextInt(50) == 0) {
                sessions[client] = nextSession++;
            }
            Request request = requests.next(model.revision(), compacted);
            boolean unknown = random.nextDouble() < unknownRate;
            invoked[client] = new Pending(client, sessions[client], time, request, unknown);
        } else if (pending.unknown()) {
            if (random.nextInt(3) == 0) {
                perform(pending);
            } else if (random.nextBoolean()) {
                stray.add(pending);
            }
            sessions[client] = nextSession++;
            record(pending, random.nextBoolean() ? Long.MAX_VALUE : time, new Unknown());
            invoked[client] = null;
        } else if (outcome == null) {
            done[client] = perform(pending);
        } else {
            if (outcome instanceof Answered(Response response) && response instanceof Response.Compact) {
                outcome = new Answered(new Response.Compact(model.revision()));
            }
            record(pending, time, outcome);
            invoked[client] = null;
            done[client] = null;
        }
    }

    private void record(Pending pending, long returned, Outcome outcome) {
        operations.add(new Operation(
                pending.client(), pending.session(), pending.invoked(), returned, pending.request(), outcome));
    }

    private Outcome perform(Pending pending) {
        Request request = pending.request();
        long revision = model.revision();
        if (random.nextInt(200) == 0) {
            return new Refused(Reason.OTHER);
        }
        if (request instanceof Request.Compact(long at)) {
            if (at <= compacted || at > revision) {
                return new Refused(at <= compacted ? Reason.COMPACTED : Reason.FUTURE_REVISION);
            }
            compacted = at;
            return new Answered(new Response.Compact(revision));
        }
        boolean serializable = Requests.serializable(request);
        long floor = sessionFloor.getOrDefault(pending.session(), 1L);
        long at = serializable ? revision - random.nextInt((int) Math.clamp(revision - floor + 1, 1, 4)) : revision;
        if (Requests.newestAsked(request) > at) {
            return new Refused(Reason.FUTURE_REVISION);
        }
        if (Requests.oldestAsked(request) < compacted) {
            return new Refused(Reason.COMPACTED);
        }
        Response response = serializable ? model.read(request, at, at) : write(request);
        sessionFloor.merge(pending.session(), response.revision(), Math::max);
        return new Answered(response);
    }

    private Response write(Request request) {
        long before = model.revision();
        Response response = model.apply(request);
        if (!faulty && fault != Fault.NONE && operations.size() >= faultAt) {
            fail(request, response, before);
        }
        return response;
    }

    private void fail(Request request, Response response, long before) {
        switch (fault) {
            case NONE -> {}
            case LOST_PUT -> instead(request instanceof Request.Put, hide(), before);
            case LOST_DELETE -> instead(request instanceof Request.DeleteRange && response.advanced(), hide(), before);
            case TORN_TXN -> {
                var puts = new ArrayList<Request.Put>();
                if (request instanceof Request.Txn txn && response instanceof Response.Txn answer) {
                    (answer.succeeded() ? txn.success() : txn.failure())
                            .forEach(each -> Requests.puts(each, puts::add));
                }
                instead(puts.size() > 1, puts.isEmpty() ? hide() : puts.getFirst(), before);
            }
            case SKIPPED_REVISION -> {
                model.apply(hide());
                faulty = true;
            }
            case APPLIED_TWICE -> {
                faulty = request instanceof Request.Put;
                if (faulty) {
                    model.apply(request);
                }
            }
            case REUSED_REVISION -> {
                faulty = response.advanced();
                if (faulty) {
                    model.rollback(before);
                }
            }
        }
    }

    private void instead(boolean now, Request request, long before) {
        if (now) {
            faulty = true;
            model.rollback(before);
            model.apply(request);
        }
    }

    private static Request hide() {
        return new Request.Put(HIDDEN, "hidden", false);
    }
}
