package dev.keelson.engine.maintenance;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Keeps requests that take space out of the log when there is none: when the store would pass its quota, when the disk
 * runs short, and while the members have an alarm about space.
 *
 * <p>Whoever finds his own member full raises the alarm, by which all members then refuse such entries alike. Under an
 * alarm of which this member knows, a request is refused after a read index and not by an entry, so that a full disk is
 * not filled by refusals; without the read index, one that follows the end of the alarm on another member could be refused.
 *
 * <p>Thread rule: any thread; nothing blocks.
 */
public final class SpaceGuard {

    private final long memberId;
    private final long quotaBytes;
    private final Parts parts;
    private final Queue<Runnable> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusalsWaiting = new AtomicInteger();
    private final AtomicBoolean raising = new AtomicBoolean();
    private volatile boolean diskIsShort;

    /** The parts of a node this class works on. */
    public record Parts(Ways ways, ApplyWorker apply, StoreGate gate) {}

    /** The ways of the guard's own requests, which it does not judge itself. */
    public interface Ways {

        void propose(Command.Alarm alarm, Reply<Object> reply);

        /** Reads when this member knows everything acknowledged anywhere before this call. */
        void readLinearizable(Function<ReadView, Boolean> read, Reply<Boolean> reply);
    }

    /** @param quotaBytes what the store may occupy; negative for no bound */
    public SpaceGuard(long memberId, long quotaBytes, Parts parts) {
        this.memberId = memberId;
        this.quotaBytes = quotaBytes;
        this.parts = parts;
    }

    /** Whether a request of this cost may go on as it is; if not, {@link #decide} finds out why. */
    public boolean admits(long cost) {
        return cost == 0 || (hasRoom(cost) && !parts.apply().alarms().isRaised(AlarmType.NOSPACE));
    }

    private boolean hasRoom(long cost) {
        return !diskIsShort && (quotaBytes < 0 || parts.gate().store().sizeBytes() + cost < quotaBytes);
    }

    /** Refuses a request, or lets it go on when the alarm turns out to be over. */
    public void decide(long cost, Reply<?> reply, Runnable admitted) {
        if (!hasRoom(cost)) {
            raise(() -> reply.fail(new StoreException(StoreError.NO_SPACE)));
            return;
        }
        parts.ways().readLinearizable(_ -> parts.apply().alarms().isRaised(AlarmType.NOSPACE), new Reply<Boolean>() {
            @Override
            public void succeed(Boolean raised) {
                if (raised) {
                    reply.fail(new StoreException(StoreError.NO_SPACE));
                } else {
                    admitted.run();
                }
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    /** Says whether the disk has less free than it takes to go on safely. */
    public void diskIsShort(boolean isShort) {
        diskIsShort = isShort;
    }

    /** Raises the alarm of a disk that runs short, again if it got lost or was cleared while there still is no room. */
    public void tick() {
        if (diskIsShort) {
            raise(() -> {});
        }
    }

    /** Runs {@code refusal} once the members know that this one is full, or at once when they cannot be told. */
    private void raise(Runnable refusal) {
        if (parts.apply().alarms().isRaised(new RaisedAlarm(AlarmType.NOSPACE, memberId))
                || refusalsWaiting.get() >= NodeLimits.PROPOSALS_MAX) {
            refusal.run();
            return;
        }
        refusalsWaiting.incrementAndGet();
        refusals.add(refusal);
        if (raising.compareAndSet(false, true)) {
            var command = new Command.Alarm(Command.Alarm.Action.RAISE, AlarmType.NOSPACE, memberId);
            parts.ways().propose(command, new Reply<Object>() {
                @Override
                public void succeed(Object result) {
                    raised();
                }

                @Override
                public void fail(StoreException error) {
                    raised();
                }
            });
        }
    }

    private void raised() {
        // Lowered first: a refusal that came too late for this round begins the next one.
        raising.set(false);
        for (Runnable next = refusals.poll(); next != null; next = refusals.poll()) {
            refusalsWaiting.decrementAndGet();
            next.run();
        }
    }
}
