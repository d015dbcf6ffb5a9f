package dev.keelson.sim.check;

import dev.keelson.sim.check.LeaseBook.Page;
import dev.keelson.sim.check.LeaseOperation.Kind;
import dev.keelson.sim.check.LeaseOutcome.Living;
import dev.keelson.sim.check.LeaseOutcome.NotFound;
import dev.keelson.sim.check.LeaseOutcome.Renewed;
import dev.keelson.sim.check.LeaseOutcome.Revoked;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that leases live as long as they were promised to and not much longer. Nobody learns that a lease is gone before
 * the last acknowledged renewal's sending and its time to live, unless somebody may have revoked it; nobody is told that
 * it lives, or renews it, or attaches a key to it, who asked after somebody knew that it was gone; once it is revoked it
 * holds no key; and while one leader leads undisturbed it ends in time.
 *
 * <p>That the end of a lease deletes the keys which it holds, all and no others, in one revision, is for the
 * {@link RevisionChecker} to judge; so is that it did not do so early.
 *
 * <p>Thread rule: one thread.
 */
public final class LeaseChecker {

    /** A time in which one leader led with a quorum behind it. */
    private record Reign(long from, long to) {}

    /** Proof that a lease lived, from somebody who asked at {@code invoked}. */
    private record Sign(long invoked, Object of) {}

    private final LeaseTerms terms;
    private final List<LeaseOperation> leaseOperations = new ArrayList<>();
    private final Map<Long, List<Operation>> puts = new HashMap<>();
    private final List<Reign> reigns = new ArrayList<>();

    public LeaseChecker(LeaseTerms terms) {
        this.terms = terms;
    }

    public void accept(LeaseOperation operation) {
        leaseOperations.add(operation);
    }

    /** Takes an operation on keys, which may tell of a lease too. */
    public void accept(Operation operation) {
        attached(
                operation,
                put -> puts.computeIfAbsent(put.lease(), _ -> new ArrayList<>()).add(operation));
    }

    /** One leader led from then to then, and had a quorum behind it all the time; told in their order. */
    public void led(long from, long to) {
        reigns.add(new Reign(from, to));
    }

    /** How many operations on leases were accepted. */
    public int operations() {
        return leaseOperations.size();
    }

    /** Tells the puts with a lease that certainly took effect, or were certainly refused for want of the lease. */
    private static void attached(Operation operation, java.util.function.Consumer<Request.Put> to) {
        Request request = operation.request();
        if (request instanceof Request.Put put) {
            if (put.lease() != 0) {
                to.accept(put);
            }
        } else if (request instanceof Request.Txn txn && History.response(operation) instanceof Response.Txn answer) {
            (answer.succeeded() ? txn.success() : txn.failure())
                    .forEach(each -> Requests.puts(each, put -> {
                        if (put.lease() != 0) {
                            to.accept(put);
                        }
                    }));
        }
    }

    /**
     * Checks all that was accepted; throws {@link HistoryViolation}.
     *
     * @param writes what each revision did
     */
    public void finish(WriteHistory writes) {
        var book = new LeaseBook(leaseOperations, terms);
        var ends = new HashMap<Long, Long>();
        for (long revision = 2; revision <= writes.highest(); revision++) {
            if (writes.endedLease(revision) != 0) {
                ends.put(writes.endedLease(revision), revision);
            }
        }
        for (Page page : book.pages()) {
            List<Operation> attaching = puts.getOrDefault(page.lease(), List.of());
            promises(page);
            Sign gone = gone(page, attaching, writes, ends.get(page.lease()));
            notEarly(page, gone);
            List<Sign> signs = signs(page, attaching);
            notAfterwards(page, signs, gone);
            signs.addAll(ofKeys(page, writes, ends.get(page.lease())));
            inTime(page, signs);
        }
        revoked(book, writes);
        granted(book);
    }

    /** An inherited lease gets a little more than it was granted. */
    private void promises(Page page) {
        for (LeaseOperation operation : page.operations()) {
            if (operation.outcome() instanceof Living(long remaining, long granted, var _)) {
                require(remaining <= granted + terms.extensionSeconds(), "more left than was granted", operation);
            }
        }
    }

    /** The first who knew that the lease was gone; {@code invoked} is when he knew. */
    private static @Nullable Sign gone(
            Page page, List<Operation> attaching, WriteHistory writes, @Nullable Long endRevision) {
        Sign gone = null;
        for (LeaseOperation operation : page.operations()) {
            boolean told = operation.outcome() instanceof NotFound || operation.outcome() instanceof Revoked;
            if (told && operation.invoked() > page.knownFrom()) {
                gone = earlier(gone, new Sign(operation.returned(), operation));
            }
        }
        for (Operation operation : attaching) {
            boolean refused = operation.outcome() instanceof Outcome.Refused(Outcome.Reason reason)
                    && reason == Outcome.Reason.LEASE_NOT_FOUND;
            if (refused && operation.invoked() > page.knownFrom()) {
                gone = earlier(gone, new Sign(operation.returned(), operation));
            }
        }
        if (endRevision != null && writes.isCertain(endRevision)) {
            gone = earlier(gone, new Sign(writes.seenBy(endRevision), "its end at revision " + endRevision));
        }
        return gone;
    }

    private static Sign earlier(@Nullable Sign one, Sign other) {
        return one == null || other.invoked() < one.invoked() ? other : one;
    }

    private static void notEarly(Page page, @Nullable Sign gone) {
        if (gone != null && !page.mayBeGoneAt(gone.invoked())) {
            throw new HistoryViolation("lease " + page.lease() + " was gone at " + gone.invoked() + ", as is known by "
                    + gone.of() + ", but had to live until " + page.earliestEnd() + " after " + page.lastRenewal());
        }
    }

    private static void notAfterwards(Page page, List<Sign> signs, @Nullable Sign gone) {
        if (gone == null) {
            return;
        }
        for (Sign sign : signs) {
            if (sign.invoked() > gone.invoked()) {
                throw new HistoryViolation("lease " + page.lease() + " was gone at " + gone.invoked()
                        + ", as is known by " + gone.of() + ", but lived afterwards in " + sign.of());
            }
        }
    }

    /** All who were told that the lease lived. */
    private static List<Sign> signs(Page page, List<Operation> attaching) {
        var signs = new ArrayList<Sign>();
        for (LeaseOperation operation : page.operations()) {
            if (operation.outcome() instanceof Renewed || operation.outcome() instanceof Living) {
                signs.add(new Sign(operation.invoked(), operation));
            }
        }
        for (Operation operation : attaching) {
            if (History.response(operation) != null) {
                signs.add(new Sign(operation.invoked(), operation));
            }
        }
        return signs;
    }

    /** Who read the store when the keys of the lease had still to be deleted, or that they never were. */
    private static List<Sign> ofKeys(Page page, WriteHistory writes, @Nullable Long endRevision) {
        if (endRevision != null) {
            boolean isCertain = writes.isCertain(endRevision);
            return isCertain
                    ? List.of(new Sign(writes.notBefore(endRevision), "keys until " + endRevision))
                    : List.of();
        }
        return writes.holdsInTheEnd(page.lease())
                ? List.of(new Sign(writes.notBefore(writes.highest() + 1), "keys in the end"))
                : List.of();
    }

    /** Every renewal begins its time anew, so the time is counted from the last before each sign. */
    private void inTime(Page page, List<Sign> signs) {
        if (page.ttlSeconds() == 0) {
            return;
        }
        long longest = terms.longestLife(page.ttlSeconds());
        for (Sign sign : signs) {
            long renewed = renewedBefore(page, sign.invoked());
            long counted = renewed == Long.MIN_VALUE ? 0 : counted(renewed, sign.invoked());
            if (counted > longest) {
                throw new HistoryViolation("lease " + page.lease() + " was renewed at " + renewed
                        + " at the latest, and its leaders had counted " + counted + " since, more than " + longest
                        + ", when it lived in " + sign.of());
            }
        }
    }

    /** How long leaders led between two moments; what a leader after the first may not count is left out. */
    private long counted(long from, long to) {
        long counted = 0;
        for (Reign reign : reigns) {
            long begin = reign.from() <= from ? from : reign.from() + terms.handOver();
            counted += Math.max(0, Math.min(reign.to(), to) - begin);
        }
        return counted;
    }

    /** The last moment before the sign at which anything may have renewed it; the sign itself does not count. */
    private static long renewedBefore(Page page, long moment) {
        long renewed = Long.MIN_VALUE;
        for (LeaseOperation operation : page.operations()) {
            if (operation.mayRenew() && operation.invoked() < moment) {
                renewed = Math.max(renewed, operation.returned());
            }
        }
        return renewed;
    }

    /** Once a revocation is acknowledged the lease holds nothing, and nothing is attached to it any more. */
    private static void revoked(LeaseBook book, WriteHistory writes) {
        var revoked = new HashMap<Long, Long>();
        for (Page page : book.pages()) {
            for (LeaseOperation operation : page.operations()) {
                if (operation.outcome() instanceof Revoked(long at)) {
                    revoked.merge(page.lease(), at, Math::min);
                }
            }
        }
        if (revoked.isEmpty()) {
            return;
        }
        for (long revision = 2; revision <= writes.highest(); revision++) {
            for (KeyChange change : writes.at(revision)) {
                Kv kv = change.kv();
                Long end = revoked.get(kv.lease());
                if (end == null || end > writes.highest() || !writes.isCertain(revision, Math.max(revision, end))) {
                    continue;
                }
                Kv then = writes.state(kv.key(), end);
                if (revision > end || then != null && then.lease() == kv.lease()) {
                    throw new HistoryViolation("lease " + kv.lease() + " was revoked at revision " + end
                            + " at the latest, but held " + kv + " then or later");
                }
            }
        }
    }

    private void granted(LeaseBook book) {
        puts.forEach((lease, operations) -> {
            Operation answered = operations.stream()
                    .filter(operation -> History.response(operation) != null)
                    .findFirst()
                    .orElse(null);
            Page page = book.page(lease);
            boolean mayExist = page != null
                    && page.operations().stream()
                            .anyMatch(operation -> operation.kind() == Kind.GRANT && operation.mayRenew());
            if (answered != null && !mayExist) {
                throw new HistoryViolation("nobody was granted lease " + lease + ": " + answered);
            }
        });
    }

    private static void require(boolean holds, String otherwise, LeaseOperation operation) {
        if (!holds) {
            throw new HistoryViolation(otherwise + ": " + operation);
        }
    }
}
