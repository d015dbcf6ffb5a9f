package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.sim.check.Response.Kv;
import dev.keelson.sim.check.WatchRecord.Created;
import dev.keelson.sim.check.WatchRecord.Events;
import dev.keelson.sim.check.WatchRecord.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes one thing that a correct store told its watchers, which must then not pass, whatever the seed. */
class WatchCheckerTest {

    private static final int SEEDS = Integer.getInteger("check.seeds", 400) / 4;
    private static final int EVENTS = Integer.getInteger("check.events", 100_000);

    @Test
    void whatACorrectStoreTellsIsAccepted() {
        for (int seed = 0; seed < SEEDS * 2; seed++) {
            new WatchedHistory(seed, 400, 5).check();
        }
    }

    @Test
    void manyEventsAreChecked() {
        var history = new WatchedHistory(1, EVENTS / 2, Math.max(5, EVENTS / 4_000));
        var checker = new WatchChecker(history.writes());
        long start = System.nanoTime();
        history.records().forEach(checker::accept);
        System.out.println(checker.events() + " events checked in " + (System.nanoTime() - start) / 1_000_000 + " ms");

        assertThat(checker.events()).isGreaterThan(EVENTS / 10);
    }

    @Test
    void anEventOfAKeyThatWasNotAskedForIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            for (KeyChange change : history.writes().at(revision(events.events()))) {
                if (!spec.wants(change.kv())) {
                    var more = new ArrayList<>(events.events());
                    more.addFirst(new WatchEvent(change.kv(), null));
                    return List.of(with(events, more));
                }
            }
            return null;
        }));
    }

    @Test
    void twoAnswersInTheWrongOrderAreCaught() {
        assertCaught(history -> history.replace(index -> {
            if (history.records().get(index) instanceof Events first
                    && history.after(index) instanceof Events second
                    && !first.fragment()
                    && !second.fragment()) {
                history.records().remove(second);
                return List.of(second, first);
            }
            return null;
        }));
    }

    @Test
    void revisionsInTheWrongOrderAreCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            var other = new ArrayList<>(events.events());
            Collections.reverse(other);
            return revision(other) == revision(events.events()) ? null : List.of(with(events, other));
        }));
    }

    @Test
    void keysOfARevisionInTheWrongOrderAreCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            var other = new ArrayList<>(events.events());
            if (other.size() < 2 || revision(other.subList(1, 2)) != revision(other)) {
                return null;
            }
            Collections.swap(other, 0, 1);
            return List.of(with(events, other));
        }));
    }

    @Test
    void anAnswerThatComesTwiceIsCaught() {
        assertCaught(
                history -> onEvents(history, (events, spec) -> events.fragment() ? null : List.of(events, events)));
    }

    @Test
    void aRevisionInTwoAnswersIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            List<WatchEvent> all = events.events();
            int last = all.size() - 1;
            if (events.fragment()
                    || last == 0
                    || revision(all.subList(last, last + 1)) != revision(all.subList(last - 1, last))) {
                return null;
            }
            return List.of(with(events, all.subList(0, last)), with(events, all.subList(last, last + 1)));
        }));
    }

    @Test
    void aRevisionWithoutOneOfItsKeysIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            List<WatchEvent> all = events.events();
            return all.size() < 2 ? null : List.of(with(events, all.subList(1, all.size())));
        }));
    }

    @Test
    void anAnswerThatDoesNotComeIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> List.of()));
    }

    @Test
    void aWatcherThatBeginsAfterItsStartIsCaught() {
        assertCaught(history -> history.replace(index -> {
            WatchRecord record = history.records().get(index);
            boolean isFirst = record instanceof Events
                    && index > 0
                    && history.records().get(index - 1) instanceof Created
                    && history.spec(record.watcher()).startRevision() > 0;
            return isFirst ? List.of() : null;
        }));
    }

    @Test
    void progressAheadOfEventsIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            long last = revision(events.events().reversed());
            return events.fragment() ? null : List.of(new Progress(events.watcher(), events.at(), last), events);
        }));
    }

    @Test
    void progressFromBeforeTheLastEventIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            long last = revision(events.events().reversed());
            return events.fragment() ? null : List.of(events, new Progress(events.watcher(), events.at(), last - 1));
        }));
    }

    @Test
    void progressBeforeTheStartIsCaught() {
        assertCaught(history -> history.replace(index -> {
            if (history.records().get(index) instanceof Created created) {
                long start = history.spec(created.watcher()).startRevision();
                return start > created.revision() + 1
                        ? List.of(created, new Progress(created.watcher(), created.at(), created.revision()))
                        : null;
            }
            return null;
        }));
    }

    @Test
    void aWrongPreviousValueIsCaught() {
        assertCaught(history -> onEvent(history, event -> {
            Kv former = event.prevKv();
            return former == null || !isCertain(history, event)
                    ? null
                    : new WatchEvent(event.kv(), changed(former, 0, 0, "other"));
        }));
    }

    @Test
    void aMissingPreviousValueIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            WatchEvent event = events.events().getFirst();
            boolean isReadable =
                    event.kv().modRevision() - 1 >= history.writes().compactedAtMost(events.at());
            return event.prevKv() == null || !isReadable || !isCertain(history, event)
                    ? null
                    : List.of(withFirst(events, new WatchEvent(event.kv(), null)));
        }));
    }

    @Test
    void aPreviousValueThatWasNotAskedForIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            KeyChange change = history.writes().at(revision(events.events())).getFirst();
            boolean fits = !spec.prevKv() && change.former() != null && spec.wants(change.kv());
            return fits ? List.of(withFirst(events, new WatchEvent(change.kv(), change.former()))) : null;
        }));
    }

    @Test
    void aCreationThatDoesNotLookLikeOneIsCaught() {
        assertCaught(history -> onEvent(
                history,
                event -> event.kv().version() == 1
                        ? new WatchEvent(changed(event.kv(), 1, 0, event.kv().value()), null)
                        : null));
    }

    @Test
    void aChangeThatLooksLikeACreationIsCaught() {
        assertCaught(history -> onEvent(history, event -> {
            Kv kv = event.kv();
            return kv.version() > 1
                    ? new WatchEvent(
                            new Kv(kv.key(), kv.value(), kv.modRevision(), kv.modRevision(), 1), event.prevKv())
                    : null;
        }));
    }

    @Test
    void aWrongValueIsCaught() {
        assertCaught(history -> onEvent(
                history,
                event -> event.kv().isDeletion()
                        ? null
                        : new WatchEvent(changed(event.kv(), 0, 0, "other"), event.prevKv())));
    }

    @Test
    void aPutThatIsToldAsADeletionIsCaught() {
        assertCaught(history -> onEvent(
                history,
                event -> event.kv().isDeletion()
                        ? null
                        : new WatchEvent(Kv.deleted(event.kv().key(), event.kv().modRevision()), event.prevKv())));
    }

    @Test
    void anEventFromBeforeTheStartIsCaught() {
        assertCaught(history -> history.replace(index -> {
            if (!(history.records().get(index) instanceof Created created)) {
                return null;
            }
            WatchSpec spec = history.spec(created.watcher());
            long start = spec.startRevision() == 0 ? created.revision() + 1 : spec.startRevision();
            for (long revision = start - 1; revision > 1; revision--) {
                for (KeyChange change : history.writes().at(revision)) {
                    if (spec.wants(change.kv())) {
                        var early = List.of(new WatchEvent(
                                change.kv(), spec.prevKv() ? history.writes().formerOf(change) : null));
                        return List.of(created, new Events(created.watcher(), created.at(), start, early, false));
                    }
                }
            }
            return null;
        }));
    }

    @Test
    void piecesThatWereNotAskedForAreCaught() {
        assertCaught(history -> onEvents(
                history,
                (events, spec) -> spec.fragments()
                        ? null
                        : List.of(
                                new Events(events.watcher(), events.at(), events.revision(), events.events(), true))));
    }

    @Test
    void aLostPieceIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> events.fragment() ? List.of() : null));
    }

    @Test
    void aHeaderFromBeforeItsEventsIsCaught() {
        assertCaught(history -> onEvents(
                history,
                (events, spec) -> events.fragment()
                        ? null
                        : List.of(new Events(
                                events.watcher(),
                                events.at(),
                                revision(events.events().reversed()) - 1,
                                events.events(),
                                false))));
    }

    @Test
    void anEventThatNobodyHadAskedForYetIsCaught() {
        assertCaught(history -> onEvents(
                history,
                (events, spec) -> events.fragment()
                        ? null
                        : List.of(new Events(events.watcher(), -1, events.revision(), events.events(), false))));
    }

    @Test
    void anEndForACompactionThatNobodyAskedForIsCaught() {
        assertCaught(history -> onEvents(
                history,
                (events, spec) -> events.fragment()
                        ? null
                        : List.of(new WatchRecord.Canceled(
                                events.watcher(),
                                events.at(),
                                Math.max(
                                                revision(events.events()),
                                                history.writes().compactedAtMost(events.at()))
                                        + 1))));
    }

    @Test
    void anEndThoughNothingWantedIsCompactedIsCaught() {
        assertCaught(history -> onEvents(history, (events, spec) -> {
            long compacted = history.writes().compactedAtMost(events.at());
            boolean fits = !events.fragment()
                    && compacted > 0
                    && revision(events.events().reversed()) + 1 >= compacted;
            return fits ? List.of(events, new WatchRecord.Canceled(events.watcher(), events.at(), compacted)) : null;
        }));
    }

    @Test
    void anythingAfterTheEndIsCaught() {
        assertCaught(history -> history.replace(index -> history.records().get(index)
                        instanceof WatchRecord.Canceled end
                ? List.of(
                        end,
                        new Progress(end.watcher(), end.at(), history.writes().highest()))
                : null));
    }

    @Test
    void anythingBeforeTheCreationIsCaught() {
        assertCaught(history ->
                history.replace(index -> history.records().get(index) instanceof Created ? List.of() : null));
    }

    @Test
    void theMessageSaysWhichWatcherMissedWhat() {
        var checker = new RevisionChecker();
        for (int i = 0; i < 3; i++) {
            var answer = new Outcome.Answered(new Response.Put(i + 2, null));
            checker.accept(new Operation(1, 0, i, i, new Request.Put("k", "v" + i, false), answer));
        }
        checker.finish();
        var watches = new WatchChecker(checker.writes());
        watches.accept(new WatchRecord.Asked(7, 5, new WatchSpec("k", "", 2, false, false, false, false)));
        watches.accept(new Created(7, 5, 4));
        watches.accept(new Events(7, 5, 4, List.of(new WatchEvent(new Kv("k", "v0", 2, 2, 1), null)), false));

        assertThatThrownBy(() -> watches.accept(new Progress(7, 6, 4)))
                .isInstanceOf(HistoryViolation.class)
                .hasMessageContaining("watcher 7 of WatchSpec[key=k")
                .hasMessageContaining(
                        "told of all before 3: missed Kv[key=k, value=v1, createRevision=2, modRevision=3");
    }

    private interface EventsMutation {
        @Nullable
        List<WatchRecord> apply(Events events, WatchSpec spec);
    }

    private static boolean onEvents(WatchedHistory history, EventsMutation mutation) {
        return history.replace(index -> history.records().get(index) instanceof Events events
                ? mutation.apply(events, history.spec(events.watcher()))
                : null);
    }

    private static boolean onEvent(WatchedHistory history, Function<WatchEvent, @Nullable WatchEvent> mutation) {
        return onEvents(history, (events, spec) -> {
            WatchEvent mutant = mutation.apply(events.events().getFirst());
            return mutant == null || !spec.wants(mutant.kv()) ? null : List.of(withFirst(events, mutant));
        });
    }

    private static Events with(Events events, List<WatchEvent> other) {
        return new Events(events.watcher(), events.at(), events.revision(), other, events.fragment());
    }

    private static Events withFirst(Events events, WatchEvent first) {
        UnaryOperator<List<WatchEvent>> changed = all -> {
            var other = new ArrayList<>(all);
            other.set(0, first);
            return other;
        };
        return with(events, changed.apply(events.events()));
    }

    /** Whether nothing of unknown outcome may have come between the event and what the key was before. */
    private static boolean isCertain(WatchedHistory history, WatchEvent event) {
        long former = Objects.requireNonNull(event.prevKv()).modRevision();
        return history.writes().isCertain(former, event.kv().modRevision() - 1);
    }

    private static long revision(List<WatchEvent> events) {
        return events.getFirst().kv().modRevision();
    }

    private static Kv changed(Kv kv, long version, long create, String value) {
        return new Kv(kv.key(), value, kv.createRevision() + create, kv.modRevision(), kv.version() + version);
    }

    private static void assertCaught(Predicate<WatchedHistory> mutation) {
        int mutated = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var history = new WatchedHistory(seed, 400, 5);
            if (mutation.test(history)) {
                mutated++;
                assertThat(violation(history)).as("seed %s", seed).isNotNull();
            }
        }

        assertThat(mutated).isGreaterThan(SEEDS / 10);
    }

    private static @Nullable HistoryViolation violation(WatchedHistory history) {
        try {
            history.check();
            return null;
        } catch (HistoryViolation violation) {
            return violation;
        }
    }
}
