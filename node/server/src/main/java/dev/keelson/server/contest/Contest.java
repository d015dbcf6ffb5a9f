package dev.keelson.server.contest;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.lease.LeaseGrant;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import dev.keelson.mvcc.watch.WatchRequest;
import dev.keelson.mvcc.watch.WatchStream;
import dev.keelson.server.auth.Identity;
import dev.keelson.server.auth.WatchRights;
import io.grpc.SynchronizationContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call that contends, carried out on a node: it does what its {@link Contender} says and tells it what came of it.
 *
 * <p>A call that waits costs one watcher and no thread.
 *
 * <p>Thread rule: any thread; nothing blocks. What is heard is taken one at a time.
 */
public final class Contest {

    /** What a client that brings no lease of its own is given. */
    public static final long SESSION_SECONDS = 60;

    /** What is contended for. */
    public enum Kind {
        LOCK,
        ELECTION
    }

    private final NodeEngine engine;
    private final Identity identity;
    private final ContestKeys keys;
    private final Kind kind;
    private final byte[] value;
    private final Consumer<Outcome> ended;
    private final SynchronizationContext turn;
    private @Nullable Contender contender;
    private @Nullable WatchStream watched;
    private boolean cancelled;

    /** Where it is carried out, and in whose name: what it does is judged as if its client did it. */
    public record On(NodeEngine engine, Identity identity) {}

    /** @param ended hears once how it ended; not when it was cancelled */
    public Contest(On on, Kind kind, byte[] name, byte[] value, Consumer<Outcome> ended) {
        this.engine = on.engine();
        this.identity = on.identity();
        this.keys = new ContestKeys(name);
        this.kind = kind;
        this.value = value;
        this.ended = ended;
        this.turn = new SynchronizationContext((_, failure) -> {
            unwatch();
            finish(new Outcome.Failed(failure.toString()));
        });
    }

    /**
     * Begins.
     *
     * @param lease what the key shall live by; 0 for a new one
     */
    public void enter(long lease) {
        if (lease != 0) {
            turn.execute(() -> enterWith(lease));
            return;
        }
        var reply = new Reply<LeaseGrant>() {
            @Override
            public void succeed(LeaseGrant granted) {
                turn.execute(() -> enterWith(granted.id()));
            }

            @Override
            public void fail(StoreException error) {
                turn.execute(() -> finish(new Outcome.Failed(error.error().text())));
            }
        };
        identity.ask(reply, caller -> grant(caller, reply));
    }

    private void grant(Principal caller, Reply<LeaseGrant> reply) {
        try {
            engine.auth().state().requireUser(caller);
        } catch (StoreException refused) {
            reply.fail(refused);
            return;
        }
        engine.leases().grant(0, SESSION_SECONDS, reply);
    }

    private void enterWith(long lease) {
        if (!cancelled) {
            contender = new Contender(keys, kind, value, lease);
            carryOut(contender.enter());
        }
    }

    /** Ends it without an answer; a contender that waits leaves the queue. */
    public void cancel() {
        turn.execute(() -> {
            cancelled = true;
            hear(new Heard.Cancelled());
        });
    }

    private void hear(Heard heard) {
        if (contender != null) {
            carryOut(contender.hear(heard));
        }
    }

    private void carryOut(Step step) {
        switch (step) {
            case Step.Rest _ -> {}
            case Step.Ask ask -> {
                var answer = new Answer();
                identity.ask(answer, caller -> engine.keys().txn(caller, ask.request(), answer));
            }
            case Step.Watch watch -> watch(watch.request());
            case Step.End end -> {
                unwatch();
                if (end.withdrawal() != null) {
                    withdraw(end.withdrawal());
                }
                finish(end.outcome());
            }
        }
    }

    private final class Answer implements Reply<TxnResult> {

        @Override
        public void succeed(TxnResult result) {
            turn.execute(() -> hear(new Heard.Done(result)));
        }

        @Override
        public void fail(StoreException error) {
            turn.execute(() -> hear(new Heard.Failed(error.error().text())));
        }
    }

    private void watch(WatchRequest request) {
        var stream = engine.watches()
                .open(new EndOfKey(heard -> turn.execute(() -> {
                    unwatch();
                    hear(heard);
                })));
        watched = stream;
        StoreError refusal = WatchRights.refusal(engine.auth(), identity, request);
        if (refusal == null) {
            stream.create(request);
        } else {
            stream.refuse(refusal.text());
        }
    }

    private void unwatch() {
        if (watched != null) {
            watched.close();
            watched = null;
        }
    }

    /** What becomes of it is of no interest: the key goes with its lease at the latest. */
    private void withdraw(TxnRequest withdrawal) {
        var reply = new Reply<TxnResult>() {
            @Override
            public void succeed(TxnResult result) {}

            @Override
            public void fail(StoreException error) {}
        };
        identity.ask(reply, caller -> engine.keys().txn(caller, withdrawal, reply));
    }

    private void finish(Outcome outcome) {
        if (!cancelled) {
            ended.accept(outcome);
        }
    }
}
