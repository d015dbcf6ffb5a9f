package dev.keelson.server.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.KeyValue;
import dev.keelson.mvcc.OperationResult;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import dev.keelson.server.contest.Contender.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Contender 0x20 of contest "n" says "mine". Others are known by the create revisions of their keys; a step is told in
 * words.
 */
final class ContenderTest {

    private static final long LEASE = 0x20;
    private static final String REST = "rest";
    private static final String LOOK = "ask: get n/20, get n/..n0 before 10 last";
    private static final String REPLACE = "ask: if n/20 created at 10 put n/20=mine";
    private static final String WITHDRAW = " & if n/20 created at 10 delete n/20";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static RangeResult found(long revision, @Nullable KeyValue kv) {
        List<KeyValue> kvs = kv == null ? List.of() : List.of(kv);
        return new RangeResult(revision, kvs, false, kvs.size());
    }

    private static KeyValue key(long createRevision, String value) {
        return new KeyValue(
                bytes(createRevision == 10 ? "n/20" : "n/" + createRevision),
                createRevision,
                createRevision,
                1,
                bytes(value),
                LEASE);
    }

    private static Heard done(long revision, boolean succeeded, OperationResult... results) {
        return new Heard.Done(new TxnResult(revision, succeeded, List.of(results)));
    }

    /** The own key was written at revision 10, while the oldest was created at {@code oldest}. */
    private static Heard entered(long oldest) {
        return done(10, true, new PutResult(10, null), found(10, key(oldest, "")));
    }

    /** The own key was there, from revision 10. */
    private static Heard found(String value, long oldest) {
        return done(30, false, found(30, key(10, value)), found(30, key(oldest, "")));
    }

    /** The own key and the next one before it, as of revision 40; 0 for none. */
    private static Heard looked(long own, long before) {
        return done(
                40,
                true,
                found(40, own == 0 ? null : key(own, "mine")),
                found(40, before == 0 ? null : key(before, "")));
    }

    private static final Heard REPLACED = done(31, true, new PutResult(31, null));
    private static final Heard NOT_REPLACED = done(31, false);
    private static final Heard GONE = new Heard.Gone();
    private static final Heard FAILED = new Heard.Failed("why");
    private static final Heard CANCELLED = new Heard.Cancelled();

    private static Arguments lock(String story, List<Heard> heard, State state, String step) {
        return Arguments.of(Contest.Kind.LOCK, story, heard, state, step);
    }

    private static Arguments election(String story, List<Heard> heard, State state, String step) {
        return Arguments.of(Contest.Kind.ELECTION, story, heard, state, step);
    }

    private static Stream<Arguments> locks() {
        return Stream.of(
                lock("alone", List.of(entered(10)), State.ENDED, "won at 10 created 10"),
                lock("had won before", List.of(found("", 10)), State.ENDED, "won at 30 created 10"),
                lock("others first", List.of(entered(5)), State.LOOKING, LOOK),
                lock("was in the queue before", List.of(found("", 5)), State.LOOKING, LOOK),
                lock("one before", List.of(entered(5), looked(10, 7)), State.WATCHING, "watch n/7 from 41"),
                lock("that one gone", List.of(entered(5), looked(10, 7), GONE), State.LOOKING, LOOK),
                lock(
                        "now first",
                        List.of(entered(5), looked(10, 7), GONE, looked(10, 0)),
                        State.ENDED,
                        "won at 40 created 10"),
                lock(
                        "another one before",
                        List.of(entered(5), looked(10, 7), GONE, looked(10, 5)),
                        State.WATCHING,
                        "watch n/5 from 41"),
                lock(
                        "first, but its lease ended",
                        List.of(entered(5), looked(10, 7), GONE, looked(0, 0)),
                        State.ENDED,
                        "lost"),
                lock(
                        "first, but by another key of that name",
                        List.of(entered(5), looked(10, 7), GONE, looked(35, 0)),
                        State.ENDED,
                        "lost"),
                lock(
                        "lease ended in the queue",
                        List.of(entered(5), looked(10, 7), GONE, looked(0, 5)),
                        State.ENDED,
                        "lost"),
                lock("refused", List.of(FAILED), State.ENDED, "failed: why"),
                lock("cannot look", List.of(entered(5), FAILED), State.ENDED, "failed: why" + WITHDRAW),
                lock("cannot watch", List.of(entered(5), looked(10, 7), FAILED), State.ENDED, "failed: why" + WITHDRAW),
                lock("cancelled at the door", List.of(CANCELLED), State.LEAVING, REST),
                lock("cancelled, was to wait", List.of(CANCELLED, entered(5)), State.ENDED, "left" + WITHDRAW),
                lock("cancelled, had won", List.of(CANCELLED, entered(10)), State.ENDED, "left"),
                lock("cancelled, then refused", List.of(CANCELLED, FAILED), State.ENDED, "left"),
                lock("cancelled looking", List.of(entered(5), CANCELLED), State.ENDED, "left" + WITHDRAW),
                lock("answered after that", List.of(entered(5), CANCELLED, looked(10, 0)), State.ENDED, REST),
                lock("failed after that", List.of(entered(5), CANCELLED, FAILED), State.ENDED, REST),
                lock(
                        "cancelled watching",
                        List.of(entered(5), looked(10, 7), CANCELLED),
                        State.ENDED,
                        "left" + WITHDRAW),
                lock("event after that", List.of(entered(5), looked(10, 7), CANCELLED, GONE), State.ENDED, REST),
                lock("cancelled when it had won", List.of(entered(10), CANCELLED), State.ENDED, REST),
                lock("with another value", List.of(found("other", 10)), State.ENDED, "won at 30 created 10"));
    }

    private static Stream<Arguments> elections() {
        return Stream.of(
                election("alone", List.of(entered(10)), State.ENDED, "won at 10 created 10"),
                election(
                        "waited",
                        List.of(entered(5), looked(10, 7), GONE, looked(10, 0)),
                        State.ENDED,
                        "won at 10 created 10"),
                election("same value again", List.of(found("mine", 10)), State.ENDED, "won at 30 created 10"),
                election("another value", List.of(found("other", 10)), State.REPLACING, REPLACE),
                election("which it took", List.of(found("other", 10), REPLACED), State.ENDED, "won at 30 created 10"),
                election("which it took in the queue", List.of(found("other", 5), REPLACED), State.LOOKING, LOOK),
                election("which came too late", List.of(found("other", 5), NOT_REPLACED), State.ENDED, "lost"),
                election("which failed", List.of(found("other", 5), FAILED), State.ENDED, "failed: why" + WITHDRAW),
                election("cancelled meanwhile", List.of(found("other", 5), CANCELLED), State.ENDED, "left" + WITHDRAW),
                election(
                        "keeps its place when it cannot look", List.of(entered(5), FAILED), State.ENDED, "failed: why"),
                election(
                        "cancelled in the queue",
                        List.of(entered(5), looked(10, 7), CANCELLED),
                        State.ENDED,
                        "left" + WITHDRAW),
                election("lease ended in the queue", List.of(entered(5), looked(0, 0)), State.ENDED, "lost"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"locks", "elections"})
    void saysWhatToDoNext(Contest.Kind kind, String story, List<Heard> heard, State state, String last) {
        var contender = new Contender(new ContestKeys(bytes("n")), kind, bytes("mine"), LEASE);
        List<Step> steps = new ArrayList<>();
        for (Heard each : heard) {
            steps.add(contender.hear(each));
        }

        assertThat(words(steps.getLast())).as(story).isEqualTo(last);
        assertThat(contender.state()).isEqualTo(state);
    }

    @Test
    void itEntersByWritingItsKeyUnlessItIsThere() {
        var contender = new Contender(new ContestKeys(bytes("n")), Contest.Kind.LOCK, bytes("mine"), LEASE);

        assertThat(words(contender.enter()))
                .isEqualTo("ask: if n/20 created at 0 put n/20=mine, get n/..n0 first else get n/20, get n/..n0 first");
    }

    @Test
    void theKeyOfANegativeLeaseHasItsSignBeforeItsDigits() {
        assertThat(text(new ContestKeys(bytes("")).of(-5))).isEqualTo("/-5");
    }

    @Test
    void anEventThatNobodyWaitsForShowsABrokenCaller() {
        var contender = new Contender(new ContestKeys(bytes("n")), Contest.Kind.LOCK, bytes("mine"), LEASE);

        assertThatThrownBy(() -> contender.hear(GONE)).isInstanceOf(IllegalStateException.class);
    }

    private static String words(Step step) {
        return switch (step) {
            case Step.Rest _ -> REST;
            case Step.Ask ask -> "ask: " + words(ask.request());
            case Step.Watch watch -> {
                assertThat(watch.request().noPut()).isTrue();
                yield "watch " + text(watch.request().key()) + " from "
                        + watch.request().startRevision();
            }
            case Step.End end ->
                words(end.outcome()) + (end.withdrawal() == null ? "" : " & " + words(end.withdrawal()));
        };
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Won won -> "won at " + won.revision() + " created " + won.createRevision();
            case Outcome.Lost _ -> "lost";
            case Outcome.Failed failed -> "failed: " + failed.reason();
            case Outcome.Left _ -> "left";
        };
    }

    private static String words(TxnRequest txn) {
        var words = new StringBuilder();
        for (Compare compare : txn.compares()) {
            assertThat(compare.target()).isEqualTo(Compare.Target.CREATE);
            assertThat(compare.result()).isEqualTo(Compare.Result.EQUAL);
            words.append("if ")
                    .append(text(compare.key()))
                    .append(" created at ")
                    .append(compare.number())
                    .append(' ');
        }
        words.append(branch(txn.success()));
        return words + (txn.failure().isEmpty() ? "" : " else " + branch(txn.failure()));
    }

    private static String branch(List<dev.keelson.mvcc.Operation> operations) {
        return operations.stream()
                .map(operation -> switch (operation) {
                    case PutRequest put -> {
                        assertThat(put.lease()).isEqualTo(LEASE);
                        yield "put " + text(put.key()) + "=" + text(put.value());
                    }
                    case DeleteRangeRequest delete -> "delete " + text(delete.key()) + text(delete.rangeEnd());
                    case RangeRequest range -> "get " + words(range);
                    case TxnRequest nested -> words(nested);
                })
                .collect(Collectors.joining(", "));
    }

    private static String words(RangeRequest range) {
        if (range.rangeEnd().length == 0) {
            return text(range.key());
        }
        assertThat(range.limit()).isEqualTo(1);
        assertThat(range.serializable()).isFalse();
        return text(range.key()) + ".." + text(range.rangeEnd())
                + (range.maxCreateRevision() == 0 ? "" : " before " + (range.maxCreateRevision() + 1))
                + (range.sortOrder() == dev.keelson.mvcc.SortOrder.ASCEND ? " first" : " last");
    }
}
