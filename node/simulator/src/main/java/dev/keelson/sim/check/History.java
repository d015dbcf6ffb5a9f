package dev.keelson.sim.check;

import dev.keelson.sim.check.Outcome.Answered;
import dev.keelson.sim.check.Outcome.Unknown;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete history ordered by what its answers claim: which write made each revision, and which operations saw it as
 * the newest.
 *
 * <p>Invariants: each revision from 2 to {@link #highest()} has at most one owner; an owner is an acknowledged write
 * that changed something, or one of unknown outcome of which a value was seen under that revision; values are unique in
 * a history, so a value tells its write. {@link #loose()} are the other writes of unknown outcome, in the order of their
 * invocation.
 *
 * <p>Thread rule: one thread.
 */
final class History {

    private final Operation[] byReturn;
    private final Operation[] byInvocation;
    private final LeaseBook leases;
    private final Witnesses witnesses;
    private final int highest;
    private final @Nullable Operation[] owners;
    private final List<Operation> loose = new ArrayList<>();
    private final Map<Integer, String> seen = new HashMap<>();
    private final Operation[] observers;
    private final int[] firstObserver;
    private final long[] seenBy;

    History(List<Operation> operations, LeaseBook leases, Witnesses witnesses) {
        byReturn = operations.toArray(new Operation[0]);
        Arrays.sort(byReturn, Comparator.comparingLong(Operation::returned));
        byInvocation = byReturn.clone();
        Arrays.sort(byInvocation, Comparator.comparingLong(Operation::invoked));
        this.leases = leases;
        this.witnesses = witnesses;
        highest = highestRevision();
        owners = new Operation[highest + 1];
        firstObserver = new int[highest + 2];
        claim();
        resolve();
        observers = observers();
        seenBy = firstSeen();
    }

    /** All operations in the order of their return. */
    Operation[] byReturn() {
        return byReturn;
    }

    /** All operations in the order of their invocation. */
    Operation[] byInvocation() {
        return byInvocation;
    }

    LeaseBook leases() {
        return leases;
    }

    /** What the revision changed, as watchers were told. */
    List<WatchEvent> told(int revision) {
        return witnesses.told(revision);
    }

    /** What is known from watchers of the order of these changes. */
    List<Witnesses.Succession> order(int revision) {
        return witnesses.order(revision);
    }

    /** When somebody first returned, or was told by a watcher, who saw the revision; {@link Long#MAX_VALUE} if nobody. */
    long seenBy(int revision) {
        return seenBy[revision];
    }

    /** The highest revision that any answer shows, or that any watcher was told of. */
    int highest() {
        return highest;
    }

    /** The write that made the revision; null if none is known. */
    @Nullable
    Operation owner(int revision) {
        return owners[revision];
    }

    /** The value by which the owner of the revision was told, if its outcome was unknown. */
    @Nullable
    String seen(int revision) {
        return seen.get(revision);
    }

    /** Writes of which it is not known whether they had an effect, in the order of their invocation. */
    List<Operation> loose() {
        return loose;
    }

    /** Operations that changed nothing and were answered in the state of the revision, in the order of their return. */
    List<Operation> observers(int revision) {
        return Arrays.asList(observers).subList(firstObserver[revision], firstObserver[revision + 1]);
    }

    static @Nullable Response response(Operation operation) {
        return operation.outcome() instanceof Answered(Response response) ? response : null;
    }

    private int highestRevision() {
        long max = Math.max(1, witnesses.highest());
        long writes = leases.leases();
        Operation witness = null;
        for (Operation operation : byReturn) {
            Response response = response(operation);
            if (response != null && response.revision() < 1) {
                throw new HistoryViolation("there is no revision " + response.revision() + ": " + operation);
            }
            if (response != null && response.revision() > max) {
                max = response.revision();
                witness = operation;
            }
            boolean unknown = operation.outcome() instanceof Unknown;
            if (unknown ? Requests.mayWrite(operation.request()) : response != null && response.advanced()) {
                writes++;
            }
        }
        if (max > writes + 1) {
            throw new HistoryViolation(
                    "revision " + max + " was reached with " + writes + " writes and ends of leases at most: "
                            + (witness == null ? "a watcher was told of it" : witness));
        }
        return Math.toIntExact(max);
    }

    private void claim() {
        for (Operation operation : byReturn) {
            Response response = response(operation);
            if (response != null && response.advanced()) {
                own(operation, Math.toIntExact(response.revision()));
            }
        }
    }

    private void own(Operation operation, int revision) {
        Operation other = owners[revision];
        if (other != null || revision < 2) {
            throw new HistoryViolation("revision " + revision + " has two writes: " + other + " and " + operation);
        }
        owners[revision] = operation;
    }

    private void resolve() {
        var byValue = new HashMap<String, Operation>();
        for (Operation operation : byReturn) {
            if (operation.outcome() instanceof Unknown && Requests.mayWrite(operation.request())) {
                loose.add(operation);
                Requests.puts(operation.request(), put -> byValue.put(put.value(), operation));
            }
        }
        if (loose.isEmpty()) {
            return;
        }
        var resolved = new IdentityHashMap<Operation, Integer>();
        for (Operation operation : byReturn) {
            Response response = response(operation);
            if (response != null) {
                Requests.shown(response, kv -> resolve(kv, byValue.get(kv.value()), resolved));
            }
        }
        witnesses.forEach(kv -> resolve(kv, byValue.get(kv.value()), resolved));
        loose.removeIf(resolved::containsKey);
        loose.sort(Comparator.comparingLong(Operation::invoked));
    }

    private void resolve(Kv kv, @Nullable Operation writer, IdentityHashMap<Operation, Integer> resolved) {
        if (writer == null || kv.modRevision() > highest) {
            return;
        }
        int revision = (int) Math.max(0, kv.modRevision());
        Integer known = resolved.putIfAbsent(writer, revision);
        if (known == null) {
            own(writer, revision);
            seen.put(revision, kv.value());
        } else if (known != revision) {
            throw new HistoryViolation("seen at the revisions " + known + " and " + revision + ": " + writer);
        }
    }

    private Operation[] observers() {
        int count = 0;
        for (Operation operation : byReturn) {
            int revision = observed(operation);
            if (revision > 0) {
                firstObserver[revision + 1]++;
                count++;
            }
        }
        for (int revision = 1; revision < firstObserver.length; revision++) {
            firstObserver[revision] += firstObserver[revision - 1];
        }
        int[] next = firstObserver.clone();
        var sorted = new Operation[count];
        for (Operation operation : byReturn) {
            int revision = observed(operation);
            if (revision > 0) {
                sorted[next[revision]++] = operation;
            }
        }
        return sorted;
    }

    private long[] firstSeen() {
        var first = new long[highest + 2];
        Arrays.fill(first, Long.MAX_VALUE);
        for (Operation operation : byReturn) {
            Response response = response(operation);
            if (response != null) {
                int revision = (int) response.revision();
                first[revision] = Math.min(first[revision], operation.returned());
            }
        }
        witnesses.forEachFirst((revision, at) -> {
            int told = Math.toIntExact(revision);
            first[told] = Math.min(first[told], at);
        });
        for (int revision = highest; revision >= 0; revision--) {
            first[revision] = Math.min(first[revision], first[revision + 1]);
        }
        return first;
    }

    private static int observed(Operation operation) {
        Response response = response(operation);
        return response == null || response.advanced() ? 0 : (int) response.revision();
    }
}
