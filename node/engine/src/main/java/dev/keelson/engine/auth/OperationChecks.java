package dev.keelson.engine.auth;

import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.TxnRequest;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Whether a caller may carry out an operation: all of it, both branches of a transaction and what is nested in it
 * (CVE-2026-33343), with the leases it attaches keys to and the former values it asks for (CVE-2026-44283).
 *
 * <p>Thread rule: one thread, for one request.
 */
final class OperationChecks {

    private static final byte[] SINGLE = {};

    private final AuthState state;
    private final Principal caller;
    private final LongFunction<List<byte[]>> leaseKeys;

    /** @param leaseKeys the keys that a lease holds, none for one that is not there */
    OperationChecks(AuthState state, Principal caller, LongFunction<List<byte[]>> leaseKeys) {
        this.state = state;
        this.caller = caller;
        this.leaseKeys = leaseKeys;
    }

    void check(Operation operation) {
        switch (operation) {
            case RangeRequest range -> state.requireRead(caller, range.key(), range.rangeEnd());
            case PutRequest put -> {
                state.requireWrite(caller, put.key(), SINGLE);
                checkLease(put.lease());
                checkPrevious(put.prevKv(), put.key(), SINGLE);
            }
            case DeleteRangeRequest delete -> {
                state.requireWrite(caller, delete.key(), delete.rangeEnd());
                checkPrevious(delete.prevKv(), delete.key(), delete.rangeEnd());
            }
            case TxnRequest txn -> {
                // What has nothing in it may be asked by all users, and by nobody else: if it is nested it goes through
                // the log.
                state.requireUser(caller);
                for (Compare compare : txn.compares()) {
                    state.requireRead(caller, compare.key(), compare.rangeEnd());
                }
                checkAll(txn.success());
                checkAll(txn.failure());
            }
        }
    }

    private void checkAll(List<Operation> operations) {
        operations.forEach(this::check);
    }

    private void checkPrevious(boolean asked, byte[] key, byte[] rangeEnd) {
        if (asked) {
            state.requireRead(caller, key, rangeEnd);
        }
    }

    /**
     * Whoever ends a lease deletes its keys, and whoever attaches a key to it lets that key live with the others: both need
     * the right to write all of them.
     */
    void checkLease(long lease) {
        if (lease == 0 || state.isRoot(caller)) {
            return;
        }
        leaseKeys.apply(lease).forEach(key -> state.requireWrite(caller, key, SINGLE));
    }
}
