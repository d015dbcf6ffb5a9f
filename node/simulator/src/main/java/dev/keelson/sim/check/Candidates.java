package dev.keelson.sim.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What may have made a revision of which no answer tells: writes of unknown outcome, by the order of their invocation,
 * and behind them the ends of leases, by id.
 *
 * <p>Invariants: a lease touches at most the keys that any request would attach to it.
 *
 * <p>Thread rule: one thread.
 */
final class Candidates {

    private final History history;
    private final List<List<Span>> spans = new ArrayList<>();
    private final List<LeaseBook.Page> pages;
    private final Map<Long, Integer> indexes = new HashMap<>();

    Candidates(History history) {
        this.history = history;
        pages = List.copyOf(history.leases().pages());
        for (Operation operation : history.loose()) {
            spans.add(List.copyOf(spans(operation)));
        }
        Map<Long, Set<Span>> attached = pages.isEmpty() ? Map.of() : attached();
        for (LeaseBook.Page page : pages) {
            indexes.put(page.lease(), spans.size());
            spans.add(List.copyOf(attached.getOrDefault(page.lease(), Set.of())));
        }
    }

    private Map<Long, Set<Span>> attached() {
        var attached = new HashMap<Long, Set<Span>>();
        for (Operation operation : history.byReturn()) {
            Requests.puts(operation.request(), put -> {
                if (put.lease() != 0) {
                    attached.computeIfAbsent(put.lease(), _ -> new LinkedHashSet<>())
                            .add(Span.of(put.key()));
                }
            });
        }
        return attached;
    }

    static Set<Span> spans(Operation operation) {
        var spans = new LinkedHashSet<Span>();
        Requests.spans(operation.request(), spans::add);
        return spans;
    }

    /** How many of the loose writes had been invoked when someone returned who saw the revision. */
    int loose(int revision) {
        List<Operation> loose = history.loose();
        int low = 0;
        int high = loose.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (loose.get(middle).invoked() <= history.seenBy(revision)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Leases that hold keys and may have been gone when someone returned who saw the revision, the longest due first. */
    List<Integer> leases(int revision, KeyspaceModel model) {
        var found = new ArrayList<Integer>();
        for (long lease : model.holders()) {
            Integer index = indexes.get(lease);
            if (index != null && page(index).mayBeGoneAt(history.seenBy(revision))) {
                found.add(index);
            }
        }
        found.sort(Comparator.<Integer>comparingLong(
                        index -> Math.min(page(index).revokedFrom(), page(index).earliestEnd()))
                .thenComparingLong(index -> index));
        return found;
    }

    /** The lease that ends by it; 0 if it is a write. */
    long lease(int index) {
        return index < history.loose().size() ? 0 : page(index).lease();
    }

    private LeaseBook.Page page(int index) {
        return pages.get(index - history.loose().size());
    }

    void apply(int index, KeyspaceModel model) {
        if (index < history.loose().size()) {
            model.apply(history.loose().get(index).request());
        } else {
            model.endLease(page(index).lease());
        }
    }

    /** Whether it touches any of these keys. */
    boolean bears(int index, Set<Span> keys) {
        for (Span one : spans.get(index)) {
            for (Span other : keys) {
                if (one.overlaps(other)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether this holds for any that may have made the revision. */
    boolean any(int revision, IntPredicate holds) {
        for (int index = loose(revision) - 1; index >= 0; index--) {
            if (holds.test(index)) {
                return true;
            }
        }
        for (int index = history.loose().size(); index < spans.size(); index++) {
            if (page(index).mayBeGoneAt(history.seenBy(revision)) && holds.test(index)) {
                return true;
            }
        }
        return false;
    }

    /** The keys that any of those touches which may have made the revision. */
    Set<Span> spans(int revision) {
        var all = new LinkedHashSet<Span>();
        any(revision, index -> {
            all.addAll(spans.get(index));
            return false;
        });
        return all;
    }
}
