package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.compare;
import static dev.keelson.mvcc.Requests.compareValue;
import static dev.keelson.mvcc.Requests.delete;
import static dev.keelson.mvcc.Requests.everything;
import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.show;
import static dev.keelson.mvcc.Requests.txn;
import static dev.keelson.mvcc.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.Compare.Result;
import dev.keelson.mvcc.Compare.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TxnTest {

    /** Revisions 2 to 4; a is at version 2, with lease 7. */
    private final TestStore store = new TestStore();

    TxnTest() {
        store.grant(7);
        store.with("a=1", "b=2");
        PutResult _ = store.put(put("a", "3", 7));
    }

    private static TxnRequest when(Compare compare, Operation then, Operation otherwise) {
        return new TxnRequest(List.of(compare), List.of(then), List.of(otherwise));
    }

    private boolean holds(Compare compare) {
        try (ReadView view = store.store.view()) {
            return view.compare(List.of(compare));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, VERSION, 2",
        "a, CREATE, 2",
        "a, MOD, 4",
        "a, LEASE, 7",
        "b, LEASE, 0",
        "nothing, VERSION, 0",
        "nothing, CREATE, 0",
        "nothing, MOD, 0",
        "nothing, LEASE, 0"
    })
    void aNumberIsComparedInAllFourWays(String key, Target target, long actual) {
        for (long operand = actual - 1; operand <= actual + 1; operand++) {
            assertThat(holds(compare(key, target, Result.EQUAL, operand))).isEqualTo(actual == operand);
            assertThat(holds(compare(key, target, Result.NOT_EQUAL, operand))).isEqualTo(actual != operand);
            assertThat(holds(compare(key, target, Result.GREATER, operand))).isEqualTo(actual > operand);
            assertThat(holds(compare(key, target, Result.LESS, operand))).isEqualTo(actual < operand);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, EQUAL, 3, true",
        "a, EQUAL, 4, false",
        "a, NOT_EQUAL, 4, true",
        "a, NOT_EQUAL, 3, false",
        "a, GREATER, 20, true",
        "a, GREATER, 3, false",
        "a, LESS, 30, true",
        "a, LESS, 3, false",
        "nothing, EQUAL, '', false",
        "nothing, NOT_EQUAL, 1, false",
        "nothing, LESS, 1, false",
        "nothing, GREATER, '', false"
    })
    void theValueOfAMissingKeyComparesToNothing(String key, Result result, String value, boolean expected) {
        assertThat(holds(compareValue(key, result, value))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a, c, 0, true",
        "a, c, 1, false",
        "a, ZERO, 1, false",
        "b, c, 0, true",
        "x, z, -1, true",
        "x, z, 0, false",
        "c, a, -1, true"
    })
    void aRangeCompareMustHoldForEveryKey(String key, String end, long versionAbove, boolean expected) {
        var compare = new Compare(
                Target.VERSION,
                Result.GREATER,
                Requests.bytes(key),
                Requests.bytes(end.replace("ZERO", "\0")),
                versionAbove,
                Requests.NONE);
        assertThat(holds(compare)).isEqualTo(expected);
    }

    @Test
    void allChangesShareOneRevision() {
        TxnResult result = store.txn(txn(put("x", "1"), put("y", "2"), delete("a", "")));
        assertThat(show(result)).isEqualTo("5 then {5 put; 5 put; 5 deleted 1[a=3@2/4/v2/lease7]}");
        assertThat(store.all(0)).isEqualTo("[b=2@3/3/v1 x=1@5/5/v1 y=2@5/5/v1]");
    }

    @Test
    void aTransactionThatChangesNothingTakesNoRevision() {
        Compare never = compare("a", Target.VERSION, Result.EQUAL, 99);
        assertThat(show(store.txn(when(never, put("a", "9"), delete("nothing", "")))))
                .isEqualTo("4 else {4 deleted 0[]}");
        assertThat(show(store.txn(txn()))).isEqualTo("4 then {}");
        assertThat(store.store.revision()).isEqualTo(4);
    }

    @Test
    void aRangeSeesEarlierWritesOfItsOwnTransaction() {
        assertThat(show(store.txn(txn(everything().limitedTo(1), put("a", "9"), everything(), delete("b", "")))))
                .isEqualTo("5 then {4 2[a=3@2/4/v2/lease7] more; 5 put; 5 2[a=9@2/5/v3 b=2@3/3/v1];"
                        + " 5 deleted 1[b=2@3/3/v1]}");
    }

    @Test
    void aRangeAtAnOldRevisionDoesNotSeeThem() {
        assertThat(show(store.txn(
                        txn(put("a", "9"), everything().at(4), everything().at(2)))))
                .isEqualTo("5 then {5 put; 5 2[a=3@2/4/v2/lease7 b=2@3/3/v1]; 5 1[a=1@2/2/v1]}");
    }

    @Test
    void nestedComparesLookAtTheStateBeforeTheTransaction() {
        Compare unchanged = compareValue("a", Result.EQUAL, "3");
        TxnRequest nested = when(unchanged, put("seen", "before"), put("seen", "after"));
        assertThat(show(store.txn(txn(put("a", "9"), nested)))).isEqualTo("5 then {5 put; 0 then {5 put}}");
        assertThat(store.all(0)).contains("seen=before@5/5/v1");
    }

    @Test
    void severalNestedTransactionsEachTakeTheirOwnBranch() {
        Compare yes = compare("a", Target.VERSION, Result.EQUAL, 2);
        Compare no = compare("a", Target.VERSION, Result.EQUAL, 3);
        TxnRequest deep = txn(when(no, put("p", "then"), when(yes, put("q", "then"), put("q", "else"))));
        TxnRequest flat = when(no, put("r", "then"), put("r", "else"));
        assertThat(show(store.txn(txn(deep, flat, put("s", "last")))))
                .isEqualTo("5 then {0 then {0 else {0 then {5 put}}}; 0 else {5 put}; 5 put}");
        assertThat(store.all(0)).endsWith("q=then@5/5/v1 r=else@5/5/v1 s=last@5/5/v1]");
    }

    @Test
    void aNestedPutMayBeDeletedInTheSameRevision() {
        TxnResult _ = store.txn(txn(txn(put("x", "1")), txn(delete("x", ""))));
        assertThat(store.all(0)).doesNotContain("x=");
        store.with("y=1");
        assertThat(store.all(5)).isEqualTo("[a=3@2/4/v2/lease7 b=2@3/3/v1]");
    }

    @ParameterizedTest
    @CsvSource({"5, FUTURE_REVISION", "2, COMPACTED", "-1, COMPACTED"})
    void aRevisionOutOfBoundsFailsTheWholeTransaction(long revision, StoreError error) {
        long _ = store.compact(3);
        assertRefused(() -> store.txn(txn(put("x", "1"), everything().at(revision))), error);
        assertRefused(() -> store.txn(txn(put("x", "1"), txn(everything().at(revision)))), error);
        assertThat(store.store.revision()).isEqualTo(4);
        assertThat(store.all(0)).doesNotContain("x=");
    }

    @Test
    void beforeAnyCompactionMinusOneIsTheNewestRevision() {
        assertThat(show(store.txn(txn(everything().at(-1).limitedTo(1))))).startsWith("4 then {4 2[a=3");
        assertRefused(() -> store.txn(txn(everything().at(-2))), StoreError.COMPACTED);
    }

    @Test
    void anUnknownLeaseOrAMissingKeyFailsTheWholeTransaction() {
        var keepsNothing = new PutRequest(Requests.bytes("nothing"), Requests.NONE, 0, false, true, false);
        assertRefused(() -> store.txn(txn(put("x", "1"), put("y", "1", 8))), StoreError.LEASE_NOT_FOUND);
        assertRefused(() -> store.txn(txn(put("x", "1"), keepsNothing)), StoreError.KEY_NOT_FOUND);
        assertRefused(() -> store.txn(txn(put("x", "1"), txn(keepsNothing))), StoreError.KEY_NOT_FOUND);
        assertThat(store.store.revision()).isEqualTo(4);
    }

    @Test
    void theOtherBranchIsNotChecked() {
        Compare yes = compare("a", Target.VERSION, Result.EQUAL, 2);
        assertThat(show(store.txn(when(yes, put("x", "1"), put("y", "1", 8))))).isEqualTo("5 then {5 put}");
    }

    /** Request checks keep this from happening; the store must not be left half written even so (etcd issue 18749). */
    @Test
    void aTransactionThatFailsHalfWayLeavesNothingInItsBatch() {
        var keepsValue = new PutRequest(Requests.bytes("a"), Requests.NONE, 0, false, true, false);
        StoreBatch batch = store.store.begin();
        PutResult _ = batch.put(put("b", "before"));
        long size = store.store.sizeInUseBytes();
        assertRefused(
                () -> batch.txn(txn(put("x", "1"), put("b", "within"), delete("a", ""), keepsValue)),
                StoreError.KEY_NOT_FOUND);
        assertThat(batch.put(put("y", "after")).revision()).isEqualTo(6);
        batch.commit();
        assertThat(store.all(0)).isEqualTo("[a=3@2/4/v2/lease7 b=before@3/5/v2 y=after@6/6/v1]");
        assertThat(store.store.sizeInUseBytes() - size).as("two small puts").isBetween(100L, 160L);
    }

    @Test
    void aViewRunsTransactionsThatOnlyRead() {
        Compare yes = compare("a", Target.VERSION, Result.EQUAL, 2);
        try (ReadView view = store.store.view()) {
            assertThat(show(view.readTxn(when(yes, everything().limitedTo(1), everything()))))
                    .isEqualTo("4 then {4 2[a=3@2/4/v2/lease7] more}");
            assertRefused(() -> view.readTxn(txn(everything().at(9))), StoreError.FUTURE_REVISION);
            assertThatThrownBy(() -> view.readTxn(txn(put("a", "1")))).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
