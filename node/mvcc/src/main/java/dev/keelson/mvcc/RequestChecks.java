package dev.keelson.mvcc;

/**
 * The rules that a request must keep whatever the store holds; checked before it is proposed.
 *
 * <p>A refusal is a {@link StoreException} with etcd's text. Of several faults etcd's first one is told.
 */
public final class RequestChecks {

    private RequestChecks() {}

    /** As the one of the request's own type. */
    public static void check(Operation request, int txnOpsMax) {
        switch (request) {
            case RangeRequest range -> check(range);
            case PutRequest put -> check(put);
            case DeleteRangeRequest delete -> check(delete);
            case TxnRequest txn -> check(txn, txnOpsMax);
        }
    }

    public static void check(RangeRequest request) {
        requireKey(request.key());
    }

    public static void check(PutRequest request) {
        requireKey(request.key());
        if (request.ignoreValue() && request.value().length != 0) {
            throw new StoreException(StoreError.VALUE_PROVIDED);
        }
        if (request.ignoreLease() && request.lease() != 0) {
            throw new StoreException(StoreError.LEASE_PROVIDED);
        }
    }

    public static void check(DeleteRangeRequest request) {
        requireKey(request.key());
    }

    /** @param txnOpsMax compares or operations of a branch at most; a nested transaction has what is left of it */
    public static void check(TxnRequest request, int txnOpsMax) {
        checkShape(request, txnOpsMax);
        BranchWrites.check(request);
    }

    private static void checkShape(TxnRequest request, int opsMax) {
        int branchOps = Math.max(request.success().size(), request.failure().size());
        int ops = Math.max(request.compares().size(), branchOps);
        if (ops > opsMax) {
            throw new StoreException(StoreError.TOO_MANY_OPS);
        }
        for (Compare compare : request.compares()) {
            requireKey(compare.key());
        }
        for (Operation operation : request.success()) {
            checkShape(operation, opsMax - ops);
        }
        for (Operation operation : request.failure()) {
            checkShape(operation, opsMax - ops);
        }
    }

    private static void checkShape(Operation operation, int opsMax) {
        if (operation instanceof TxnRequest nested) {
            checkShape(nested, opsMax);
        } else {
            check(operation, opsMax);
        }
    }

    private static void requireKey(byte[] key) {
        if (key.length == 0) {
            throw new StoreException(StoreError.KEY_NOT_PROVIDED);
        }
    }
}
