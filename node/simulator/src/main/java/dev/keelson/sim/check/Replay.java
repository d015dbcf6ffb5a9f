package dev.keelson.sim.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a history on the model in the order of its revisions and compares every answer. A revision that no known write
 * owns is tried with the writes of unknown outcome, the one invoked last first; where an answer disagrees later, the
 * latest choice that bears on the keys of the disagreement is made anew.
 *
 * <p>Invariants: the model stands at the revision judged last; {@code choices} are the revisions whose owner was tried,
 * lowest first; a write is tried only where it was invoked before anyone had returned who saw the revision. A choice
 * passed over in going back has no part in the disagreement: neither what was chosen nor what else could be touches its
 * keys; where something tried before would, the reasons against that become part of the disagreement.
 *
 * <p>Thread rule: one thread.
 */
final class Replay {

    private static final int MAX_TRIES = 10_000;
    private static final long MAX_WORK = 20_000_000;

    private record Conflict(Supplier<String> message, Set<Span> spans) {}

    /** A revision without a known owner, and what was tried for it in the present state of the model. */
    private static final class Choice {
        final int revision;
        final Set<Integer> tried = new HashSet<>();
        final Set<Span> spans = new LinkedHashSet<>();
        int chosen = -1;

        Choice(int revision) {
            this.revision = revision;
        }
    }

    private final History history;
    private final KeyspaceModel model = new KeyspaceModel();
    private final ArrayDeque<Choice> choices = new ArrayDeque<>();
    private final Set<Integer> used = new HashSet<>();
    private final List<List<Span>> looseSpans = new ArrayList<>();
    private final long[] firstReturn;
    private final long[] oldestAsked;
    private @Nullable Conflict farthest;
    private int farthestRevision;
    private int tries;
    private long work;
    private int undecided;

    Replay(History history) {
        this.history = history;
        for (Operation operation : history.loose()) {
            looseSpans.add(List.copyOf(spans(operation)));
        }
        int size = history.highest() + 2;
        firstReturn = new long[size];
        oldestAsked = new long[size];
        bound(size);
    }

    /** Throws if no order by the revisions explains the answers. */
    void run() {
        Conflict conflict = judgeObservers(1);
        while (undecided == 0) {
            if (conflict != null) {
                conflict = goBack(conflict);
            } else if (model.revision() < history.highest()) {
                conflict = advance((int) model.revision() + 1);
            } else {
                return;
            }
        }
    }

    /** How many revisions without a known owner the search gave up on; what follows the first of them is not judged. */
    int undecided() {
        return undecided;
    }

    /** How often a choice was made anew. */
    int tries() {
        return tries;
    }

    private void bound(int size) {
        Arrays.fill(firstReturn, Long.MAX_VALUE);
        Arrays.fill(oldestAsked, Long.MAX_VALUE);
        for (Operation operation : history.byReturn()) {
            Response response = History.response(operation);
            if (response != null) {
                int revision = (int) response.revision();
                firstReturn[revision] = Math.min(firstReturn[revision], operation.returned());
                oldestAsked[revision] = Math.min(oldestAsked[revision], Requests.oldestAsked(operation.request()));
            }
        }
        for (int revision = size - 2; revision >= 0; revision--) {
            firstReturn[revision] = Math.min(firstReturn[revision], firstReturn[revision + 1]);
            oldestAsked[revision] = Math.min(oldestAsked[revision], oldestAsked[revision + 1]);
        }
    }

    private @Nullable Conflict advance(int revision) {
        Operation owner = history.owner(revision);
        if (owner == null) {
            var choice = new Choice(revision);
            if (choose(choice, null)) {
                choices.addLast(choice);
                return judgeObservers(revision);
            }
            return new Conflict(
                    () -> "revision " + revision + " is of no known write, and no write of unknown outcome explains it",
                    candidateSpans(revision));
        }
        Conflict conflict = judgeOwner(owner, revision);
        return conflict == null ? judgeObservers(revision) : conflict;
    }

    private @Nullable Conflict judgeOwner(Operation owner, int revision) {
        work++;
        Response expected = model.apply(owner.request());
        Response found = History.response(owner);
        if (found != null) {
            return expected.equals(found) ? null : disagreement(owner, expected);
        }
        boolean explained = model.revision() == revision && wrote(owner.request(), expected, history.seen(revision));
        return explained ? null : new Conflict(() -> "revision " + revision + " cannot be of " + owner, spans(owner));
    }

    /** Whether the branch that ran is the one with the value that was seen. */
    private static boolean wrote(Request request, Response response, @Nullable String value) {
        if (!(request instanceof Request.Txn txn) || !(response instanceof Response.Txn answer)) {
            return true;
        }
        var values = new HashSet<String>();
        (answer.succeeded() ? txn.success() : txn.failure())
                .forEach(each -> Requests.puts(each, put -> values.add(put.value())));
        return value != null && values.contains(value);
    }

    private @Nullable Conflict judgeObservers(int revision) {
        for (Operation operation : history.observers(revision)) {
            work++;
            Response found = History.response(operation);
            if (found == null || operation.request() instanceof Request.Compact) {
                continue;
            }
            if (Requests.newestRead(operation.request(), found) > revision) {
                return new Conflict(() -> "a revision of the future was served: " + operation, Set.of());
            }
            Response expected = model.apply(operation.request());
            if (!expected.equals(found)) {
                return disagreement(operation, expected);
            }
        }
        for (Operation operation : history.observers(revision)) {
            if (operation.request() instanceof Request.Compact(long compacted)) {
                prune(compacted, revision);
            }
        }
        return null;
    }

    /** Drops what is compacted, except for what is needed to go back to the first choice and judge anew from there. */
    private void prune(long compacted, int revision) {
        int first = choices.isEmpty() ? revision : choices.getFirst().revision - 1;
        model.compact(Math.min(Math.min(compacted, first), oldestAsked[first]));
    }

    private static Conflict disagreement(Operation operation, Response expected) {
        return new Conflict(() -> Difference.of(operation, expected), spans(operation));
    }

    /** Makes the latest choice anew that bears on the conflict, and says what then disagrees. */
    private @Nullable Conflict goBack(Conflict conflict) {
        if (farthest == null || model.revision() > farthestRevision) {
            farthest = conflict;
            farthestRevision = (int) model.revision();
        }
        Set<Span> spans = new LinkedHashSet<>(conflict.spans());
        while (!choices.isEmpty()) {
            Choice choice = choices.getLast();
            boolean chosenBears = overlap(looseSpans.get(choice.chosen), spans);
            if (chosenBears || otherBears(choice, spans)) {
                if (++tries > MAX_TRIES || work > MAX_WORK) {
                    giveUp();
                    return null;
                }
                choice.spans.addAll(spans);
                used.remove(choice.chosen);
                model.rollback(choice.revision - 1L);
                if (choose(choice, chosenBears ? null : spans)) {
                    return judgeObservers(choice.revision);
                }
                spans.addAll(choice.spans);
                spans.addAll(candidateSpans(choice.revision));
            } else if (triedBears(choice, spans)) {
                spans.addAll(choice.spans);
                spans.addAll(candidateSpans(choice.revision));
            }
            used.remove(choice.chosen);
            choices.removeLast();
        }
        throw new HistoryViolation(farthest.message().get());
    }

    private void giveUp() {
        for (int revision = choices.getFirst().revision; revision <= history.highest(); revision++) {
            undecided += history.owner(revision) == null ? 1 : 0;
        }
    }

    /** Lets the next candidate make the revision; {@code bearing} restricts them to those that touch its keys. */
    private boolean choose(Choice choice, @Nullable Set<Span> bearing) {
        for (int index = candidates(choice.revision) - 1; index >= 0; index--) {
            if (used.contains(index)
                    || choice.tried.contains(index)
                    || (bearing != null && !overlap(looseSpans.get(index), bearing))) {
                continue;
            }
            choice.tried.add(index);
            work++;
            model.apply(history.loose().get(index).request());
            if (model.revision() == choice.revision) {
                choice.chosen = index;
                used.add(index);
                return true;
            }
        }
        return false;
    }

    private boolean otherBears(Choice choice, Set<Span> spans) {
        for (int index = candidates(choice.revision) - 1; index >= 0; index--) {
            if (!used.contains(index) && !choice.tried.contains(index) && overlap(looseSpans.get(index), spans)) {
                return true;
            }
        }
        return false;
    }

    private boolean triedBears(Choice choice, Set<Span> spans) {
        return choice.tried.stream().anyMatch(index -> overlap(looseSpans.get(index), spans));
    }

    /** How many of the loose writes had been invoked when someone returned who saw the revision. */
    private int candidates(int revision) {
        List<Operation> loose = history.loose();
        int low = 0;
        int high = loose.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (loose.get(middle).invoked() <= firstReturn[revision]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Set<Span> candidateSpans(int revision) {
        var spans = new LinkedHashSet<Span>();
        looseSpans.subList(0, candidates(revision)).forEach(spans::addAll);
        return spans;
    }

    private static Set<Span> spans(Operation operation) {
        var spans = new LinkedHashSet<Span>();
        Requests.spans(operation.request(), spans::add);
        return spans;
    }

    private static boolean overlap(List<Span> some, Set<Span> others) {
        for (Span one : some) {
            for (Span other : others) {
                if (one.overlaps(other)) {
                    return true;
                }
            }
        }
        return false;
    }
}
