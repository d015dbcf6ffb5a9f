package dev.keelson.sim.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a history on the model in the order of its revisions and compares every answer, and what watchers were told. A
 * revision that no known write owns is tried with the leases that may have ended, the one due longest first, then with
 * the writes of unknown outcome, the one invoked last first; where an answer disagrees later, the latest choice that
 * bears on the keys of the disagreement is made anew.
 *
 * <p>Invariants: the model stands at the revision judged last; {@code choices} are the revisions whose owner was tried,
 * lowest first, but for those without an alternative and without a choice before them; a write is tried only where it
 * was invoked before anyone had returned who saw the revision, and a lease where it may have been gone by then. A choice
 * passed over in going back has no part in the disagreement: neither what was chosen nor what else could be touches its
 * keys; where something tried before would, the reasons against that become part of the disagreement.
 *
 * <p>Thread rule: one thread.
 */
final class Replay {

    private static final int MAX_TRIES = 10_000;
    private static final long MAX_WORK = 20_000_000;

    /** More alternatives to a choice are not looked at; it then counts as one that could have been made otherwise. */
    private static final int MAX_ALTERNATIVES = 50;

    private record Conflict(Supplier<String> message, Set<Span> spans) {

        /** What a transaction did to a key hangs on the keys that it compares, too. */
        Conflict of(Operation owner) {
            var all = new LinkedHashSet<Span>(spans);
            all.addAll(Replay.spans(owner));
            return new Conflict(message, all);
        }
    }

    /** A revision without a known owner, and what was tried for it in the present state of the model. */
    private static final class Choice {
        final int revision;
        final Set<Integer> tried = new HashSet<>();
        final Set<Span> spans = new LinkedHashSet<>();
        int chosen = -1;
        boolean alternatives;

        Choice(int revision) {
            this.revision = revision;
        }
    }

    private final History history;
    private final KeyspaceModel model = new KeyspaceModel();
    private final ArrayDeque<Choice> choices = new ArrayDeque<>();
    private final Set<Integer> used = new HashSet<>();
    private final Candidates candidates;
    private final List<KeyChange> changes = new ArrayList<>();
    private final long[] endedLease;
    private final long[] oldestAsked;
    private @Nullable Conflict farthest;
    private int farthestRevision;
    private int tries;
    private long work;
    private int undecided;

    Replay(History history) {
        this.history = history;
        candidates = new Candidates(history);
        endedLease = new long[history.highest() + 1];
        oldestAsked = oldestAsked();
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

    /** What each revision did, as far as it was found. */
    WriteHistory writes() {
        var uncertain = new BitSet();
        for (Choice choice : choices) {
            uncertain.set(choice.revision, choice.alternatives);
        }
        int end = undecided > 0 ? choices.getFirst().revision : history.highest() + 1;
        rollback(end - 1L);
        return new WriteHistory(history, changes, uncertain, Arrays.copyOf(endedLease, end));
    }

    private long[] oldestAsked() {
        int size = history.highest() + 2;
        var oldest = new long[size];
        Arrays.fill(oldest, Long.MAX_VALUE);
        for (Operation operation : history.byReturn()) {
            Response response = History.response(operation);
            if (response != null) {
                int revision = (int) response.revision();
                oldest[revision] = Math.min(oldest[revision], Requests.oldestAsked(operation.request()));
            }
        }
        for (int revision = size - 2; revision >= 0; revision--) {
            oldest[revision] = Math.min(oldest[revision], oldest[revision + 1]);
        }
        return oldest;
    }

    private @Nullable Conflict advance(int revision) {
        Operation owner = history.owner(revision);
        if (owner == null) {
            var choice = new Choice(revision);
            if (choose(choice, null)) {
                choice.alternatives = hasAlternatives(choice);
                if (choice.alternatives || !choices.isEmpty()) {
                    choices.addLast(choice);
                }
                return judgeObservers(revision);
            }
            return new Conflict(
                    () -> "revision " + revision + " is of no known write, and neither a write of unknown outcome nor"
                            + " the end of a lease explains it" + told(revision),
                    candidates.spans(revision));
        }
        Conflict conflict = judgeOwner(owner, revision);
        if (conflict == null) {
            conflict = contradiction(revision);
        }
        if (conflict != null) {
            return conflict.of(owner);
        }
        changes.addAll(model.written());
        return judgeObservers(revision);
    }

    private String told(int revision) {
        List<WatchEvent> events = history.told(revision);
        return events.isEmpty() ? "" : "; watchers were told of " + events;
    }

    /** Where watchers were told something else than what the model has just done. */
    private @Nullable Conflict contradiction(int revision) {
        for (WatchEvent told : history.told(revision)) {
            work++;
            if (model.written().stream().noneMatch(change -> change.fits(told))) {
                List<KeyChange> written = List.copyOf(model.written());
                return new Conflict(
                        () -> "watchers were told of " + told + ", but revision " + revision + " did " + written,
                        Set.of(Span.of(told.kv().key())));
            }
        }
        for (Witnesses.Succession told : history.order(revision)) {
            work++;
            if (placeOf(told.earlier()) > placeOf(told.later())) {
                List<KeyChange> written = List.copyOf(model.written());
                return new Conflict(
                        () -> "watchers were told of " + told + ", but revision " + revision + " did " + written,
                        Set.of(
                                Span.of(told.earlier().key()),
                                Span.of(told.later().key())));
            }
        }
        return null;
    }

    private int placeOf(Response.Kv written) {
        List<KeyChange> changes = model.written();
        int place = 0;
        while (place < changes.size() && !changes.get(place).kv().equals(written)) {
            place++;
        }
        return place;
    }

    /** Takes back everything since that revision. */
    private void rollback(long to) {
        while (!changes.isEmpty() && changes.getLast().kv().modRevision() > to) {
            changes.removeLast();
        }
        model.rollback(to);
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
            boolean chosenBears = candidates.bears(choice.chosen, spans);
            if (chosenBears || otherBears(choice, spans)) {
                if (++tries > MAX_TRIES || work > MAX_WORK) {
                    giveUp();
                    return null;
                }
                choice.spans.addAll(spans);
                used.remove(choice.chosen);
                rollback(choice.revision - 1L);
                if (choose(choice, chosenBears ? null : spans)) {
                    return judgeObservers(choice.revision);
                }
                spans.addAll(choice.spans);
                spans.addAll(candidates.spans(choice.revision));
            } else if (triedBears(choice, spans)) {
                spans.addAll(choice.spans);
                spans.addAll(candidates.spans(choice.revision));
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
        for (int index : candidates.leases(choice.revision, model)) {
            if (choose(choice, index, bearing)) {
                return true;
            }
        }
        for (int index = candidates.loose(choice.revision) - 1; index >= 0; index--) {
            if (choose(choice, index, bearing)) {
                return true;
            }
        }
        return false;
    }

    private boolean choose(Choice choice, int index, @Nullable Set<Span> bearing) {
        if (used.contains(index)
                || choice.tried.contains(index)
                || (bearing != null && !candidates.bears(index, bearing))) {
            return false;
        }
        choice.tried.add(index);
        if (!explains(choice.revision, index)) {
            return false;
        }
        changes.addAll(model.written());
        endedLease[choice.revision] = candidates.lease(index);
        choice.chosen = index;
        used.add(index);
        return true;
    }

    /** Lets a candidate make the revision; the model stays as it was if it does not, or does what nobody was told. */
    private boolean explains(int revision, int index) {
        work++;
        candidates.apply(index, model);
        if (model.revision() == revision && contradiction(revision) == null) {
            return true;
        }
        model.rollback(revision - 1L);
        return false;
    }

    /** Whether another could have made the revision just as well, as far as its state and its watchers tell. */
    private boolean hasAlternatives(Choice choice) {
        int revision = choice.revision;
        model.rollback(revision - 1L);
        // Those used elsewhere count: two that could change places make both revisions uncertain.
        List<Integer> others = candidates.leases(revision, model);
        others.remove((Integer) choice.chosen);
        for (int index = candidates.loose(revision) - 1; index >= 0 && others.size() <= MAX_ALTERNATIVES; index--) {
            if (index != choice.chosen) {
                others.add(index);
            }
        }
        boolean found = others.size() > MAX_ALTERNATIVES;
        for (int i = 0; i < others.size() && !found; i++) {
            found = explains(revision, others.get(i));
        }
        model.rollback(revision - 1L);
        candidates.apply(choice.chosen, model);
        return found;
    }

    private boolean otherBears(Choice choice, Set<Span> spans) {
        return candidates.any(
                choice.revision,
                index -> !used.contains(index) && !choice.tried.contains(index) && candidates.bears(index, spans));
    }

    private boolean triedBears(Choice choice, Set<Span> spans) {
        return choice.tried.stream().anyMatch(index -> candidates.bears(index, spans));
    }

    private static Set<Span> spans(Operation operation) {
        return Candidates.spans(operation);
    }
}
