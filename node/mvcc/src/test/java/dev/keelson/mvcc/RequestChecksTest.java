package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.NONE;
import static dev.keelson.mvcc.Requests.bytes;
import static dev.keelson.mvcc.Requests.compare;
import static dev.keelson.mvcc.Requests.delete;
import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.range;
import static dev.keelson.mvcc.Requests.txn;
import static dev.keelson.mvcc.TestStore.assertRefused;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestChecksTest {

    private static final int OPS_MAX = 4;

    private static TxnRequest either(Operation then, Operation otherwise) {
        return new TxnRequest(List.of(), List.of(then), List.of(otherwise));
    }

    private static TxnRequest gets(int compares, int success, int failure) {
        return new TxnRequest(
                Collections.nCopies(compares, compare("a", Compare.Target.MOD, Compare.Result.EQUAL, 0)),
                Collections.nCopies(success, range("a", "")),
                Collections.nCopies(failure, range("a", "")));
    }

    private static TxnRequest withOp(TxnRequest txn, Operation first) {
        List<Operation> success =
                Stream.concat(Stream.of(first), txn.success().stream()).toList();
        return new TxnRequest(txn.compares(), success, txn.failure());
    }

    private static void check(Operation request) {
        RequestChecks.check(request, OPS_MAX);
    }

    @Test
    void aKeyIsNeededEverywhere() {
        for (Operation request : List.of(
                put("", "1"),
                range("", "a"),
                delete("", "a"),
                txn(put("", "1")),
                txn(txn(range("", ""))),
                new TxnRequest(
                        List.of(compare("", Compare.Target.MOD, Compare.Result.EQUAL, 0)), List.of(), List.of()))) {
            assertRefused(() -> check(request), StoreError.KEY_NOT_PROVIDED);
        }
    }

    @Test
    void whatIsIgnoredMustNotBeGiven() {
        var value = new PutRequest(bytes("a"), bytes("1"), 0, false, true, false);
        var lease = new PutRequest(bytes("a"), NONE, 7, false, false, true);
        assertRefused(() -> check(value), StoreError.VALUE_PROVIDED);
        assertRefused(() -> check(lease), StoreError.LEASE_PROVIDED);
        assertRefused(() -> check(txn(lease)), StoreError.LEASE_PROVIDED);
        check(new PutRequest(bytes("a"), NONE, 0, false, true, true));
    }

    @Test
    void theLargestOfComparesAndBranchesCounts() {
        check(gets(4, 4, 4));
        assertRefused(() -> check(gets(5, 0, 0)), StoreError.TOO_MANY_OPS);
        assertRefused(() -> check(gets(0, 5, 0)), StoreError.TOO_MANY_OPS);
        assertRefused(() -> check(gets(0, 0, 5)), StoreError.TOO_MANY_OPS);
    }

    @Test
    void aNestedTransactionHasWhatIsLeft() {
        check(txn(gets(3, 3, 3)));
        assertRefused(() -> check(txn(gets(0, 4, 0))), StoreError.TOO_MANY_OPS);
        check(withOp(gets(0, 1, 0), gets(0, 2, 0)));
        assertRefused(() -> check(withOp(gets(0, 1, 0), gets(0, 3, 0))), StoreError.TOO_MANY_OPS);
        assertRefused(() -> check(withOp(gets(4, 1, 0), gets(0, 1, 0))), StoreError.TOO_MANY_OPS);
    }

    static Stream<Arguments> duplicates() {
        return Stream.of(
                Arguments.of("two puts", txn(put("a", "1"), put("a", "2"))),
                Arguments.of("put and delete", txn(put("a", "1"), delete("a", ""))),
                Arguments.of("delete and put", txn(delete("a", ""), put("a", "1"))),
                Arguments.of("put under a range", txn(put("b", "1"), delete("a", "c"))),
                Arguments.of(
                        "in the else branch",
                        new TxnRequest(List.of(), List.of(), List.of(put("a", "1"), put("a", "2")))),
                Arguments.of("put and nested put", txn(put("a", "1"), txn(put("a", "2")))),
                Arguments.of("two nested puts", txn(txn(put("a", "1")), txn(put("a", "2")))),
                Arguments.of("within a nested one", txn(txn(put("a", "1"), put("a", "2")))),
                Arguments.of("delete and nested put", txn(delete("a", ""), txn(put("a", "1")))),
                Arguments.of("nested put and delete", txn(txn(put("a", "1")), delete("a", ""))),
                Arguments.of("put and nested delete", txn(put("a", "1"), txn(delete("a", "")))),
                Arguments.of("nested delete, nested put", txn(txn(delete("a", "")), txn(put("a", "1")))),
                Arguments.of(
                        "else puts what an earlier one put",
                        txn(txn(put("a", "1")), either(put("b", "1"), put("a", "2")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("duplicates")
    void aKeyMustNotBeWrittenTwice(String name, TxnRequest txn) {
        assertRefused(() -> check(txn), StoreError.DUPLICATE_KEY);
    }

    static Stream<Arguments> allowed() {
        return Stream.of(
                Arguments.of("then and else", either(put("a", "1"), put("a", "2"))),
                Arguments.of("nested then and else", txn(either(put("a", "1"), put("a", "2")))),
                Arguments.of("nested then puts, else deletes", txn(either(put("a", "1"), delete("a", "")))),
                Arguments.of("overlapping deletes", txn(delete("a", "c"), delete("b", "d"), delete("b", ""))),
                Arguments.of("put beside a range", txn(put("c", "1"), delete("a", "c"))),
                Arguments.of("put and an inverted range", txn(put("b", "1"), delete("c", "a"))),
                Arguments.of("put and read", txn(put("a", "1"), range("a", ""))),
                // etcd's own holes
                Arguments.of("put and delete from a key on", txn(put("b", "1"), delete("a", "\0"))),
                Arguments.of("nested put, then nested delete", txn(txn(put("a", "1")), txn(delete("a", "")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allowed")
    void whatEtcdLetsPassPasses(String name, TxnRequest txn) {
        check(txn);
    }
}
