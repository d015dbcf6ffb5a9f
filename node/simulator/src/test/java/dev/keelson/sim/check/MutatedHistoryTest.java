package dev.keelson.sim.check;

import static dev.keelson.sim.check.MutatedHistory.answered;
import static dev.keelson.sim.check.MutatedHistory.with;
import static dev.keelson.sim.check.MutatedHistory.withHeader;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.check.Outcome.Reason;
import dev.keelson.sim.check.Outcome.Refused;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes one operation in a correct history, which must then not pass, whatever the seed. */
class MutatedHistoryTest {

    private static final int SEEDS = Integer.getInteger("check.seeds", 400) / 4;

    @Test
    void aLinearizableReadFromBeforeACompletedWriteIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            long floor = history.floor(operation);
            boolean fits = floor > 1 && isPlainRead(operation) && !Requests.serializable(operation.request());
            return fits ? answered(operation, history.model().read(operation.request(), floor - 1, floor - 1)) : null;
        }));
    }

    @Test
    void anOldStateUnderANewHeaderIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            Response response = History.response(operation);
            if (response == null || !isPlainRead(operation) || response.revision() < 2) {
                return null;
            }
            long header = response.revision();
            return answered(operation, history.model().read(operation.request(), header - 1, header));
        }));
    }

    @Test
    void twoWritesWithOneRevisionAreCaught() {
        assertCaught(history -> history.replace(operation -> {
            Response response = History.response(operation);
            if (!(response instanceof Response.Put put) || history.owner(put.revision() + 1) == null) {
                return null;
            }
            return answered(operation, withHeader(put, put.revision() + 1));
        }));
    }

    @Test
    void aWrongPreviousValueIsCaught() {
        assertCaught(history ->
                history.replaceAnswer(response -> response instanceof Response.Put put && put.prevKv() != null
                        ? new Response.Put(put.revision(), changed(put.prevKv(), 0, 0, "other"))
                        : null));
    }

    @Test
    void aMissingPreviousValueIsCaught() {
        assertCaught(history ->
                history.replaceAnswer(response -> response instanceof Response.Put put && put.prevKv() != null
                        ? new Response.Put(put.revision(), null)
                        : null));
    }

    @Test
    void aWrongVersionIsCaught() {
        assertCaught(history -> history.replaceAnswer(onFirst(kv -> changed(kv, 1, 0, kv.value()))));
    }

    @Test
    void aWrongCreateRevisionIsCaught() {
        assertCaught(history -> history.replaceAnswer(onFirst(kv -> changed(kv, 0, 1, kv.value()))));
    }

    @Test
    void aWrongModRevisionIsCaught() {
        assertCaught(history -> history.replaceAnswer(
                onFirst(kv -> new Kv(kv.key(), kv.value(), kv.createRevision(), kv.modRevision() + 1, kv.version()))));
    }

    @Test
    void aMissingKeyIsCaught() {
        assertCaught(history -> history.replaceAnswer(response -> response instanceof Response.Range range
                        && !range.kvs().isEmpty()
                ? new Response.Range(
                        range.revision(), range.kvs().subList(1, range.kvs().size()), range.more(), range.count() - 1)
                : null));
    }

    @Test
    void aWrongCountIsCaught() {
        assertCaught(history -> history.replaceAnswer(response -> response instanceof Response.Range range
                ? new Response.Range(range.revision(), range.kvs(), range.more(), range.count() + 1)
                : null));
    }

    @Test
    void aWrongNumberOfDeletedKeysIsCaught() {
        assertCaught(history -> history.replaceAnswer(
                response -> response instanceof Response.DeleteRange delete && delete.deleted() > 0
                        ? new Response.DeleteRange(delete.revision(), delete.deleted() + 1, delete.prevKvs())
                        : null));
    }

    @Test
    void aWrongMoreFlagIsCaught() {
        assertCaught(history -> history.replaceAnswer(response -> response instanceof Response.Range range
                ? new Response.Range(range.revision(), range.kvs(), !range.more(), range.count())
                : null));
    }

    @Test
    void aValueReadBeforeItWasAskedForIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            Response response = History.response(operation);
            Operation owner = response == null ? null : history.owner(response.revision());
            if (owner == null || owner.equals(operation) || !isPlainRead(operation) || owner.invoked() < 1) {
                return null;
            }
            long before = owner.invoked() - 1;
            return new Operation(operation.client(), 0, before, before, operation.request(), operation.outcome());
        }));
    }

    @Test
    void aWriteWithARevisionNotAboveACompletedOneIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            Response response = History.response(operation);
            Operation next = response == null ? null : history.owner(response.revision() + 1);
            if (!(response instanceof Response.Put) || next == null || next.invoked() <= operation.invoked()) {
                return null;
            }
            long after = next.returned() + 1;
            return new Operation(operation.client(), 0, after, after, operation.request(), operation.outcome());
        }));
    }

    @Test
    void theWrongBranchOfATransactionIsCaught() {
        assertCaught(history -> history.replaceAnswer(response -> response instanceof Response.Txn txn
                ? new Response.Txn(txn.revision(), !txn.succeeded(), txn.responses())
                : null));
    }

    @Test
    void aTransactionThatWasReadInPartIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            Response response = History.response(operation);
            if (!isPlainRead(operation) || !(response instanceof Response.Range range)) {
                return null;
            }
            var kvs = new ArrayList<>(range.kvs());
            for (int i = 1; i < kvs.size(); i++) {
                long torn = kvs.get(i).modRevision();
                Response older = history.model().read(operation.request(), torn - 1, torn);
                if (torn == kvs.get(i - 1).modRevision()
                        && older instanceof Response.Range before
                        && before.kvs().size() == kvs.size()) {
                    kvs.set(i, before.kvs().get(i));
                    return answered(operation, new Response.Range(range.revision(), kvs, range.more(), range.count()));
                }
            }
            return null;
        }));
    }

    @Test
    void aDeletedKeyThatIsReadAgainIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            Response response = History.response(operation);
            if (!isPlainRead(operation) || !(response instanceof Response.Range range) || range.count() > 0) {
                return null;
            }
            for (long at = range.revision() - 1; at > 1; at--) {
                Response before = history.model().read(operation.request(), at, range.revision());
                if (before instanceof Response.Range old && old.count() > 0) {
                    return answered(operation, before);
                }
            }
            return null;
        }));
    }

    @Test
    void aSessionThatGoesBackIsCaught() {
        assertCaught(history -> {
            Map<Long, Long> floors = new HashMap<>();
            return history.replace(operation -> {
                Response response = History.response(operation);
                long floor = floors.getOrDefault(operation.session(), 0L);
                if (response == null || operation.request() instanceof Request.Compact) {
                    return null;
                }
                floors.merge(operation.session(), response.revision(), Math::max);
                boolean fits = floor > 1 && isPlainRead(operation) && Requests.serializable(operation.request());
                return fits
                        ? answered(operation, history.model().read(operation.request(), floor - 1, floor - 1))
                        : null;
            });
        });
    }

    @Test
    void aCompactedRevisionThatIsServedIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            boolean fits = operation.request() instanceof Request.Range range
                    && !range.serializable()
                    && range.revision() > 0
                    && range.revision() < compacted(history, operation);
            return fits
                    ? answered(operation, history.model().read(operation.request(), 0, history.floor(operation)))
                    : null;
        }));
    }

    @Test
    void aRefusalOfACompactedRevisionThatWasNotIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            boolean fits = operation.request() instanceof Request.Range range
                    && History.response(operation) != null
                    && range.revision() > everCompacted(history);
            return fits ? with(operation, new Refused(Reason.COMPACTED)) : null;
        }));
    }

    @Test
    void aPrematureRefusalOfAFutureRevisionIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            boolean fits = operation.request() instanceof Request.Range range
                    && History.response(operation) != null
                    && !range.serializable()
                    && range.revision() > 0
                    && range.revision() <= history.floor(operation);
            return fits ? with(operation, new Refused(Reason.FUTURE_REVISION)) : null;
        }));
    }

    @Test
    void aFutureRevisionThatIsServedIsCaught() {
        assertCaught(history -> history.replace(operation -> {
            boolean fits = operation.request() instanceof Request.Range range
                    && operation.outcome() instanceof Refused(Reason reason)
                    && reason == Reason.FUTURE_REVISION
                    && !range.serializable();
            return fits
                    ? answered(operation, history.model().read(operation.request(), 0, history.floor(operation)))
                    : null;
        }));
    }

    private static void assertCaught(Predicate<MutatedHistory> mutation) {
        int mutated = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var history = new MutatedHistory(seed, seed % 2 == 0 ? 0 : 0.02);
            if (mutation.test(history)) {
                mutated++;
                assertThat(violation(history)).as("seed %s", seed).isNotNull();
            }
        }

        assertThat(mutated).isGreaterThan(SEEDS / 10);
    }

    private static @Nullable HistoryViolation violation(MutatedHistory history) {
        try {
            history.check();
            return null;
        } catch (HistoryViolation violation) {
            return violation;
        }
    }

    private static boolean isPlainRead(Operation operation) {
        return operation.request() instanceof Request.Range range
                && range.revision() == 0
                && History.response(operation) != null;
    }

    private static long compacted(MutatedHistory history, Operation operation) {
        return history.operations().stream()
                .filter(other -> History.response(other) != null && other.returned() < operation.invoked())
                .mapToLong(other -> other.request() instanceof Request.Compact(long revision) ? revision : 0)
                .max()
                .orElse(0);
    }

    private static long everCompacted(MutatedHistory history) {
        return history.operations().stream()
                .mapToLong(other -> other.request() instanceof Request.Compact(long revision) ? revision : 0)
                .max()
                .orElse(0);
    }

    private static Function<Response, @Nullable Response> onFirst(UnaryOperator<Kv> mutation) {
        return response -> {
            if (!(response instanceof Response.Range range) || range.kvs().isEmpty()) {
                return null;
            }
            List<Kv> kvs = new ArrayList<>(range.kvs());
            kvs.set(0, mutation.apply(kvs.getFirst()));
            return new Response.Range(range.revision(), kvs, range.more(), range.count());
        };
    }

    private static Kv changed(Kv kv, long version, long create, String value) {
        return new Kv(kv.key(), value, kv.createRevision() + create, kv.modRevision(), kv.version() + version);
    }
}
