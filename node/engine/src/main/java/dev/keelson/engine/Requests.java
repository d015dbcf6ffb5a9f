package dev.keelson.engine;

import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.CommandCodec;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.consensus.ProposalQueue;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.maintenance.ClusterVersion;
import dev.keelson.engine.maintenance.Formats;
import dev.keelson.engine.maintenance.RequestCost;
import dev.keelson.engine.maintenance.SpaceGuard;
import dev.keelson.engine.read.LinearizableReads;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The three ways of a request through the node: into the log, to a view once the leader has confirmed it, or straight to
 * the newest view.
 *
 * <p>Thread rule: any thread; nothing blocks, replies come on the node's workers.
 */
public final class Requests {

    private final EngineConfig config;
    private final Parts parts;
    private final Consumer<Throwable> failure;
    private final AtomicLong nextRequestId;
    private final SpaceGuard space;

    record Parts(
            RaftLoop loop,
            ProposalQueue proposals,
            LinearizableReads reads,
            ApplyWorker apply,
            StoreGate gate,
            EngineProbe probe) {}

    Requests(EngineConfig config, Parts parts, Consumer<Throwable> failure) {
        this.config = config;
        this.parts = parts;
        this.failure = failure;
        this.nextRequestId = new AtomicLong(config.firstRequestId());
        this.space = new SpaceGuard(
                config.memberId(),
                config.maintenance().quotaBytes(),
                new SpaceGuard.Parts(guardWays(), parts.apply(), parts.gate()));
    }

    private SpaceGuard.Ways guardWays() {
        return new SpaceGuard.Ways() {
            @Override
            public void propose(Command.Alarm alarm, Reply<Object> reply) {
                Requests.this.propose(alarm, reply);
            }

            @Override
            public void readLinearizable(Function<ReadView, Boolean> read, Reply<Boolean> reply) {
                Requests.this.readLinearizable(read, reply);
            }
        };
    }

    /** Proposes what this member does of itself, or what nobody has to be asked for. */
    public <T> void propose(Command command, Reply<T> waiting) {
        propose(Principal.NOBODY, command, waiting);
    }

    /** Puts the command into the log; the reply carries what its application came to on this member. */
    public <T> void propose(Principal caller, Command command, Reply<T> waiting) {
        var reply = new ProbedReply<>(
                waiting, parts.probe(), RequestKind.of(command), parts.probe().begin());
        long cost = RequestCost.of(command);
        if (space.admits(cost)) {
            enter(caller, command, reply);
        } else {
            space.decide(cost, reply, () -> enter(caller, command, reply));
        }
    }

    private void enter(Principal caller, Command command, Reply<?> reply) {
        long unapplied = parts.loop.status().commit() - parts.apply.applied().index();
        if (unapplied > NodeLimits.APPLY_GAP_MAX) {
            reply.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
            return;
        }
        if (!isUnderstoodByAll(command)) {
            reply.fail(new StoreException(StoreError.NOT_CAPABLE));
            return;
        }
        long requestId = nextRequestId.getAndIncrement();
        byte[] payload = CommandCodec.encode(requestId, caller, command);
        if (payload.length > config.requestBytesMax()) {
            reply.fail(new StoreException(StoreError.REQUEST_TOO_LARGE));
            return;
        }
        parts.proposals.offer(requestId, payload, deadlineTick(), reply);
        parts.loop.wake();
    }

    /** Whether the members have agreed on a version that knows it; before they have, all are new. */
    private boolean isUnderstoodByAll(Command command) {
        ClusterVersion agreed = parts.apply().membership().agreedVersion();
        return agreed == null || agreed.compareTo(Formats.since(command)) >= 0;
    }

    /** Watches over the room that there is for requests. */
    SpaceGuard space() {
        return space;
    }

    /**
     * Lets a request wait for its entry without putting it into the log; whoever does that repeats it until
     * {@link #isPending} ends.
     *
     * @return the id that the entry must carry
     */
    public <T> long await(Reply<T> reply) {
        long requestId = nextRequestId.getAndIncrement();
        parts.proposals.await(requestId, deadlineTick(), reply);
        return requestId;
    }

    public boolean isPending(long requestId) {
        return parts.proposals.isPending(requestId);
    }

    /** Reads a view that holds everything acknowledged anywhere before this call. */
    public <T> void readLinearizable(Function<ReadView, T> read, Reply<T> reply) {
        long deadline = deadlineTick();
        parts.reads.offer(new LinearizableReads.Read() {
            @Override
            public void run() {
                read(read, reply);
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }

            @Override
            public long deadlineTick() {
                return deadline;
            }
        });
        parts.loop.wake();
    }

    /** Reads the newest view of this member, now. */
    public <T> void read(Function<ReadView, T> read, Reply<T> reply) {
        parts.gate.use(store -> {
            T result;
            try (ReadView view = store.view()) {
                result = read.apply(view);
            } catch (StoreException refused) {
                reply.fail(refused);
                return;
            } catch (RuntimeException | Error cause) {
                failure.accept(cause);
                return;
            }
            reply.succeed(result);
        });
    }

    /** The tick at which a request that comes now is given up. */
    public long deadlineTick() {
        return parts.loop.now() + config.timing().requestTicks();
    }
}
