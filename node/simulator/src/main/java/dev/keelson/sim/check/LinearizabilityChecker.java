package dev.keelson.sim.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Searches an order in which one copy would have given all answers, for what no revision orders: leases, locks,
 * registers.
 *
 * <p>The search of Wing and Gong: of the operations that began before the first unplaced one had ended one is placed
 * next, and taken back when nothing fits after it. A set of placed operations with a state that was reached before is
 * not tried again (Lowe). Operations of unknown outcome have no end: they may be placed anywhere after their beginning,
 * or nowhere. The cost grows exponentially with how many overlap, so the steps are limited.
 *
 * @param <S> the model's state
 * @param <I> what is asked
 * @param <O> what is answered
 */
public final class LinearizabilityChecker<S, I, O> {

    private final SequentialModel<S, I, O> model;
    private final long stepsMax;

    /** @param stepsMax operations to try before giving up */
    public LinearizabilityChecker(SequentialModel<S, I, O> model, long stepsMax) {
        this.model = model;
        this.stepsMax = stepsMax;
    }

    /**
     * An operation and its end.
     *
     * @param answer null if the outcome is unknown; refused operations are left out
     */
    public record Call<I, O>(
            long invoked,
            long returned,
            I request,
            @Nullable O answer) {}

    /** What a search came to. */
    public enum Verdict {
        LINEARIZABLE,
        VIOLATION,
        /** The limit of steps was reached. */
        UNDECIDED
    }

    /**
     * @param longest the longest order that fits, by index of the calls given; where the verdict is a violation, none of
     *     the calls that could come next fits behind it
     */
    public record Result(Verdict verdict, List<Integer> longest) {}

    /** Checks calls in any order; one came before another only if it returned at an earlier time. */
    public Result check(List<Call<I, O>> calls) {
        return new Search(calls).run();
    }

    private static final class Event {

        private final int call;
        private final boolean end;
        private final long time;
        private @Nullable Event match;
        private @Nullable Event previous;
        private @Nullable Event next;

        Event(int call, boolean end, long time) {
            this.call = call;
            this.end = end;
            this.time = time;
        }
    }

    private record Reached(BitSet placed, Object state) {}

    private record Placed<S>(Event event, S before) {}

    private final class Search {

        private final List<Call<I, O>> calls;
        private final Event head = new Event(-1, false, Long.MIN_VALUE);
        private final BitSet placed = new BitSet();
        private final Set<Reached> reached = new HashSet<>();
        private final Deque<Placed<S>> order = new ArrayDeque<>();
        private List<Integer> longest = List.of();
        private boolean growing = true;
        private int certain;
        private long steps;

        Search(List<Call<I, O>> calls) {
            this.calls = calls;
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                addEvents(i, events);
            }
            events.sort(Comparator.comparingLong((Event event) -> event.time).thenComparing(event -> event.end));
            Event last = head;
            for (Event event : events) {
                last.next = event;
                event.previous = last;
                last = event;
            }
        }

        private void addEvents(int index, List<Event> events) {
            Call<I, O> call = calls.get(index);
            var begin = new Event(index, false, call.invoked());
            events.add(begin);
            if (call.answer() != null) {
                var end = new Event(index, true, call.returned());
                begin.match = end;
                events.add(end);
                certain++;
            }
        }

        Result run() {
            S state = model.initial();
            Event candidate = head.next;
            while (certain > 0) {
                if (steps++ == stepsMax) {
                    note();
                    return new Result(Verdict.UNDECIDED, longest);
                }
                Optional<S> after = candidate == null || candidate.end ? Optional.empty() : place(candidate, state);
                if (after.isPresent() && candidate != null) {
                    order.addLast(new Placed<>(candidate, state));
                    lift(candidate);
                    state = after.get();
                    growing = true;
                    candidate = head.next;
                } else if (candidate != null && !candidate.end) {
                    candidate = candidate.next;
                } else if (order.isEmpty()) {
                    return new Result(Verdict.VIOLATION, longest);
                } else {
                    note();
                    Placed<S> undone = order.removeLast();
                    unlift(undone.event());
                    state = undone.before();
                    candidate = undone.event().next;
                }
            }
            note();
            return new Result(Verdict.LINEARIZABLE, longest);
        }

        /** The state after the call, unless it does not fit or leads to where the search was before. */
        private Optional<S> place(Event event, S state) {
            Call<I, O> call = calls.get(event.call);
            Optional<S> after = model.step(state, call.request(), call.answer());
            if (after.isEmpty()) {
                return after;
            }
            BitSet with = (BitSet) placed.clone();
            with.set(event.call);
            return reached.add(new Reached(with, after.get())) ? after : Optional.empty();
        }

        /** Keeps the longest order so far, when it is about to become shorter. */
        private void note() {
            if (growing && order.size() > longest.size()) {
                longest = order.stream().map(one -> one.event().call).toList();
            }
            growing = false;
        }

        private void lift(Event event) {
            placed.set(event.call);
            unlink(event);
            if (event.match != null) {
                unlink(event.match);
                certain--;
            }
        }

        private void unlift(Event event) {
            placed.clear(event.call);
            if (event.match != null) {
                relink(event.match);
                certain++;
            }
            relink(event);
        }

        private static void unlink(Event event) {
            Event previous = event.previous;
            Event next = event.next;
            if (previous != null) {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
        }

        private static void relink(Event event) {
            Event previous = event.previous;
            Event next = event.next;
            if (previous != null) {
                previous.next = event;
            }
            if (next != null) {
                next.previous = event;
            }
        }
    }
}
