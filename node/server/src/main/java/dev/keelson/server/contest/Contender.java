package dev.keelson.server.contest;

import dev.keelson.mvcc.Invariant;
import dev.keelson.mvcc.KeyValue;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One that wants to win a contest, from its entry to its end: it is told what happens, and says what to do next.
 *
 * <p>Contenders queue by the create revisions of their keys. Each waits for the key created next before its own and for no
 * other, so that the end of a winner wakes one contender and not all of them. What it waited for being gone proves little:
 * that one may have been in the middle of the queue, and the contender's own key may have gone with its lease in the
 * meantime. So it looks again, at who is before it and at itself, both at one revision, and wins only if there is nobody
 * and its key is still the one that it entered with.
 *
 * <pre>
 * state      hears      goes to
 * ENTERING   Done       ENDED (won: its key is the oldest), REPLACING (a candidate whose key stands there with another
 *                       value), or LOOKING
 *            Failed     ENDED
 *            Cancelled  LEAVING
 * LEAVING    Done       ENDED; withdraws if it would have had to wait
 *            Failed     ENDED
 * REPLACING  Done       ENDED (won, or lost: the key is another one), or LOOKING
 * LOOKING    Done       ENDED (won, or lost: its key is gone), or WATCHING
 * WATCHING   Gone       LOOKING
 * these three:
 *            Failed     ENDED; withdraws, but for a candidate in the queue, which keeps its place for another try
 *            Cancelled  ENDED; withdraws
 * ENDED      anything   ENDED
 * </pre>
 *
 * <p>One that is cancelled on the very way to winning at its entry leaves its key to its lease: a client that asks a second
 * time because the first answer was late may have been told already that it holds the lock, by this very key.
 *
 * <p>Thread rule: confined to one thread at a time.
 */
final class Contender {

    enum State {
        ENTERING,
        LEAVING,
        REPLACING,
        LOOKING,
        WATCHING,
        ENDED
    }

    private static final Step REST = new Step.Rest();

    private final ContestKeys keys;
    private final Contest.Kind kind;
    private final byte[] value;
    private final long lease;
    private final byte[] key;
    private State state = State.ENTERING;
    private long entryRevision;
    private long createRevision;
    private boolean first;

    /** @param value what the key shall say */
    Contender(ContestKeys keys, Contest.Kind kind, byte[] value, long lease) {
        this.keys = keys;
        this.kind = kind;
        this.value = value;
        this.lease = lease;
        this.key = keys.of(lease);
    }

    /** What it begins with. */
    Step enter() {
        return new Step.Ask(keys.enter(key, value, lease));
    }

    State state() {
        return state;
    }

    Step hear(Heard heard) {
        return switch (heard) {
            case Heard.Done done -> done(done.result());
            case Heard.Gone _ -> gone();
            case Heard.Failed failed -> failed(failed.reason());
            case Heard.Cancelled _ -> cancelled();
        };
    }

    private Step done(TxnResult result) {
        return switch (state) {
            case ENTERING -> entered(result);
            case LEAVING -> {
                readEntry(result);
                yield end(new Outcome.Left(), first ? null : withdrawal());
            }
            case REPLACING -> result.succeeded() ? queue() : end(new Outcome.Lost(), null);
            case LOOKING -> looked(result);
            case WATCHING -> throw new IllegalStateException("an answer to a contender that asked nothing");
            case ENDED -> REST;
        };
    }

    private Step entered(TxnResult result) {
        KeyValue found = readEntry(result);
        if (kind == Contest.Kind.ELECTION && found != null && !Arrays.equals(found.value(), value)) {
            state = State.REPLACING;
            return new Step.Ask(ContestKeys.replace(key, createRevision, value, lease));
        }
        return queue();
    }

    /** Returns the key as it was there before, or null if it was not. */
    private @Nullable KeyValue readEntry(TxnResult result) {
        entryRevision = result.revision();
        KeyValue found = result.succeeded() ? null : only(result, 0);
        Invariant.check(result.succeeded() || found != null, "a key that exists was read and not found");
        createRevision = found == null ? entryRevision : found.createRevision();
        KeyValue oldest = only(result, 1);
        first = oldest != null && oldest.createRevision() == createRevision;
        return found;
    }

    private Step queue() {
        return first ? end(won(entryRevision), null) : look();
    }

    private Step look() {
        state = State.LOOKING;
        return new Step.Ask(new TxnRequest(
                List.of(), List.of(ContestKeys.single(key), keys.nextBefore(createRevision)), List.of()));
    }

    private Step looked(TxnResult result) {
        KeyValue own = only(result, 0);
        KeyValue before = only(result, 1);
        if (own == null || own.createRevision() != createRevision) {
            return end(new Outcome.Lost(), null);
        }
        if (before == null) {
            return end(won(kind == Contest.Kind.ELECTION ? entryRevision : result.revision()), null);
        }
        state = State.WATCHING;
        return new Step.Watch(ContestKeys.deletionOf(before.key(), result.revision() + 1));
    }

    private Step gone() {
        return switch (state) {
            case WATCHING -> look();
            case ENDED -> REST;
            case ENTERING, LEAVING, REPLACING, LOOKING ->
                throw new IllegalStateException("an event for a contender that watches nothing");
        };
    }

    private Step failed(String reason) {
        return switch (state) {
            case ENTERING -> end(new Outcome.Failed(reason), null);
            case LEAVING -> end(new Outcome.Left(), null);
            case REPLACING -> end(new Outcome.Failed(reason), withdrawal());
            case LOOKING, WATCHING ->
                end(new Outcome.Failed(reason), kind == Contest.Kind.ELECTION ? null : withdrawal());
            case ENDED -> REST;
        };
    }

    private Step cancelled() {
        return switch (state) {
            case ENTERING, LEAVING -> {
                state = State.LEAVING;
                yield REST;
            }
            case REPLACING, LOOKING, WATCHING -> end(new Outcome.Left(), withdrawal());
            case ENDED -> REST;
        };
    }

    private Step end(Outcome outcome, @Nullable TxnRequest withdrawal) {
        state = State.ENDED;
        return new Step.End(outcome, withdrawal);
    }

    private Outcome won(long revision) {
        return new Outcome.Won(key, lease, createRevision, revision);
    }

    private TxnRequest withdrawal() {
        return ContestKeys.withdraw(key, createRevision);
    }

    private static @Nullable KeyValue only(TxnResult result, int operation) {
        var range = (RangeResult) result.results().get(operation);
        return range.kvs().isEmpty() ? null : range.kvs().getFirst();
    }
}
