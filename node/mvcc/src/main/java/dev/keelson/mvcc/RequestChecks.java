package dev.keelson.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules a request must keep whatever the store holds; checked before it is proposed.
 *
 * <p>A refusal is a {@link StoreException} with etcd's text.
 */
public final class RequestChecks {

    private RequestChecks() {}

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

    /** @param opsMax compares or operations of a branch at most; a nested transaction shares what is left of it */
    public static void check(TxnRequest request, int opsMax) {
        checkShape(request, opsMax);
        checkWrites(request.success());
        checkWrites(request.failure());
    }

    private static void checkShape(TxnRequest request, int opsMax) {
        int ops = Math.max(
                request.compares().size(),
                Math.max(request.success().size(), request.failure().size()));
        if (ops > opsMax) {
            throw new StoreException(StoreError.TOO_MANY_OPS);
        }
        request.compares().forEach(compare -> requireKey(compare.key()));
        request.success().forEach(operation -> checkShape(operation, opsMax - ops));
        request.failure().forEach(operation -> checkShape(operation, opsMax - ops));
    }

    private static void checkShape(Operation operation, int opsMax) {
        switch (operation) {
            case RangeRequest range -> check(range);
            case PutRequest put -> check(put);
            case DeleteRangeRequest delete -> check(delete);
            case TxnRequest txn -> checkShape(txn, opsMax);
        }
    }

    private static void requireKey(byte[] key) {
        if (key.length == 0) {
            throw new StoreException(StoreError.KEY_NOT_PROVIDED);
        }
    }

    /** What a branch writes: the keys it puts and the ranges it deletes. */
    private record Writes(Set<byte[]> puts, List<KeyRange> deletes) {

        Writes() {
            this(new TreeSet<>(Arrays::compareUnsigned), new ArrayList<>());
        }

        void add(byte[] key) {
            if (puts.contains(key) || isDeleted(key)) {
                throw new StoreException(StoreError.DUPLICATE_KEY);
            }
            puts.add(key);
        }

        boolean isDeleted(byte[] key) {
            return deletes.stream()
                    .anyMatch(range -> Arrays.compareUnsigned(key, range.lo()) >= 0
                            && (range.hi() == null || Arrays.compareUnsigned(key, range.hi()) < 0));
        }
    }

    /**
     * A branch must not write a key twice: no two puts of it, and no put under a delete. The two branches of a nested
     * transaction may put the same key, since only one of them runs.
     */
    private static Writes checkWrites(List<Operation> branch) {
        var writes = new Writes();
        for (Operation operation : branch) {
            if (operation instanceof DeleteRangeRequest delete) {
                writes.deletes.add(KeyRange.of(delete.key(), delete.rangeEnd()));
            }
        }
        for (Operation operation : branch) {
            if (operation instanceof TxnRequest nested) {
                addNested(writes, checkWrites(nested.success()), checkWrites(nested.failure()));
            }
        }
        for (Operation operation : branch) {
            if (operation instanceof PutRequest put) {
                writes.add(put.key());
            }
        }
        return writes;
    }

    private static void addNested(Writes writes, Writes success, Writes failure) {
        writes.deletes.addAll(success.deletes);
        writes.deletes.addAll(failure.deletes);
        success.puts.forEach(writes::add);
        for (byte[] key : failure.puts) {
            if (!success.puts.contains(key)) {
                writes.add(key);
            }
        }
    }
}
