package dev.keelson.sim.check;

import dev.keelson.sim.check.Outcome.Reason;
import dev.keelson.sim.check.Outcome.Refused;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the order that the revisions of a history claim against the clock: nobody is answered from before what had
 * been answered when he asked, nor from after what had been asked when he was answered.
 *
 * <p>Invariants: one operation is before another if it returned strictly earlier than the other was invoked; a header of
 * a compaction binds nobody else, as it is filled in later than the compaction took place.
 *
 * <p>Thread rule: one thread.
 */
final class RealTime {

    private record Session(int client, long session) {}

    private final History history;
    private final Operation[] byReturn;
    private final Operation[] byInvocation;

    RealTime(History history) {
        this.history = history;
        byReturn = history.byReturn();
        byInvocation = history.byInvocation();
    }

    void check() {
        checkAgainstThePast();
        checkAgainstTheFuture();
        checkSessions();
    }

    /** Sweeps by invocation: what had returned by then. */
    private void checkAgainstThePast() {
        int next = 0;
        Operation newest = null;
        Operation compaction = null;
        for (Operation operation : byInvocation) {
            for (; next < byReturn.length && byReturn[next].returned() < operation.invoked(); next++) {
                Operation before = byReturn[next];
                Response response = History.response(before);
                if (response == null) {
                    continue;
                }
                if (before.request() instanceof Request.Compact) {
                    compaction = compacted(before) > compacted(compaction) ? before : compaction;
                } else if (response.revision() > shown(newest)) {
                    newest = before;
                }
            }
            if (!Requests.serializable(operation.request())) {
                checkNotStale(operation, newest);
                checkNotCompacted(operation, compaction);
            }
        }
    }

    private static void checkNotStale(Operation operation, @Nullable Operation newest) {
        long floor = shown(newest);
        Response response = History.response(operation);
        if (response != null) {
            long least = response.advanced() ? floor + 1 : floor;
            if (newest != null && response.revision() < least) {
                throw new HistoryViolation("expected revision " + least + " or higher, found " + response.revision()
                        + ": " + operation + " was invoked after the return of " + newest);
            }
        } else if (operation.outcome() instanceof Refused(Reason reason) && reason == Reason.FUTURE_REVISION) {
            long asked = Requests.newestAsked(operation.request());
            if (newest != null && asked > 0 && asked <= floor) {
                throw new HistoryViolation("revision " + asked + " was not of the future: " + operation
                        + " was invoked after the return of " + newest);
            }
        }
    }

    private static void checkNotCompacted(Operation operation, @Nullable Operation compaction) {
        Response response = History.response(operation);
        if (response == null || compaction == null) {
            return;
        }
        long asked = Requests.oldestRead(operation.request(), response);
        if (asked < compacted(compaction)) {
            throw new HistoryViolation("revision " + asked + " was served though compacted: " + operation
                    + " was invoked after the return of " + compaction);
        }
    }

    /** Sweeps by return: what had been invoked by then. */
    private void checkAgainstTheFuture() {
        Operation[] latest = latestWrites();
        int next = 0;
        long compacted = 0;
        for (Operation operation : byReturn) {
            for (; next < byInvocation.length && byInvocation[next].invoked() <= operation.returned(); next++) {
                if (!(byInvocation[next].outcome() instanceof Refused)) {
                    compacted = Math.max(compacted, compacted(byInvocation[next]));
                }
            }
            Response response = History.response(operation);
            if (response != null) {
                Operation write = latest[(int) response.revision()];
                if (write != null && write.invoked() > operation.returned()) {
                    throw new HistoryViolation(
                            "seen before it was asked for: " + write + " by " + operation + ", which had returned");
                }
            } else if (operation.outcome() instanceof Refused(Reason reason) && reason == Reason.COMPACTED) {
                checkCompacted(operation, compacted);
            }
        }
    }

    private static void checkCompacted(Operation operation, long compacted) {
        long unreadable = operation.request() instanceof Request.Compact(long revision)
                ? revision - 1
                : Requests.oldestAsked(operation.request());
        if (unreadable >= compacted && unreadable != Long.MAX_VALUE) {
            throw new HistoryViolation("nothing above " + unreadable + " was compacted, at most " + compacted
                    + ", before the return of " + operation);
        }
    }

    /** For each revision the owner of it or a lower one that was invoked last. */
    private @Nullable Operation[] latestWrites() {
        var latest = new Operation[history.highest() + 1];
        for (int revision = 2; revision < latest.length; revision++) {
            Operation owner = history.owner(revision);
            Operation before = latest[revision - 1];
            boolean later = owner != null && (before == null || owner.invoked() > before.invoked());
            latest[revision] = later ? owner : before;
        }
        return latest;
    }

    private void checkSessions() {
        Map<Session, Operation> newest = new HashMap<>();
        for (Operation operation : byReturn) {
            Response response = History.response(operation);
            if (response == null || operation.session() == 0 || operation.request() instanceof Request.Compact) {
                continue;
            }
            var session = new Session(operation.client(), operation.session());
            Operation before = newest.get(session);
            if (response.revision() >= shown(before)) {
                newest.put(session, operation);
            } else if (Requests.serializable(operation.request())) {
                throw new HistoryViolation("its session went back: " + operation + " follows " + before);
            }
        }
    }

    private static long shown(@Nullable Operation operation) {
        Response response = operation == null ? null : History.response(operation);
        return response == null ? 0 : response.revision();
    }

    private static long compacted(@Nullable Operation operation) {
        return operation != null && operation.request() instanceof Request.Compact(long revision) ? revision : 0;
    }
}
