package dev.keelson.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What a branch of a transaction may write, with the transactions nested in it: no key is put twice, and none is put that
 * is deleted, in one revision.
 *
 * <p>The rule has etcd's holes, since clients may rely on what it lets pass: a delete "from the key on" forbids no put,
 * and deletes nested behind a nested put are not held against it. The store is right in both cases.
 */
final class BranchWrites {

    private final NavigableSet<byte[]> puts = new TreeSet<>(Arrays::compareUnsigned);
    private final List<DeleteRangeRequest> deletes = new ArrayList<>();

    private BranchWrites() {}

    /** @throws StoreException when one of the branches breaks the rule */
    static void check(TxnRequest txn) {
        BranchWrites _ = of(txn.success());
        BranchWrites _ = of(txn.failure());
    }

    private static BranchWrites of(List<Operation> branch) {
        var writes = new BranchWrites();
        for (Operation operation : branch) {
            if (operation instanceof DeleteRangeRequest delete) {
                writes.deletes.add(delete);
            }
        }
        for (Operation operation : branch) {
            if (operation instanceof TxnRequest nested) {
                writes.addEither(of(nested.success()), of(nested.failure()));
            }
        }
        var own = new BranchWrites();
        for (Operation operation : branch) {
            if (operation instanceof PutRequest put) {
                refuseIf(!own.puts.add(put.key()));
            }
        }
        writes.addPuts(own.puts);
        return writes;
    }

    /** Adds what a nested transaction may write; both of its branches may put a key, since only one of them runs. */
    private void addEither(BranchWrites success, BranchWrites failure) {
        var nested = new TreeSet<byte[]>(Arrays::compareUnsigned);
        nested.addAll(success.puts);
        nested.addAll(failure.puts);
        addPuts(nested);
        deletes.addAll(success.deletes);
        deletes.addAll(failure.deletes);
    }

    private void addPuts(NavigableSet<byte[]> added) {
        for (DeleteRangeRequest delete : deletes) {
            refuseIf(isAnyDeleted(added, delete));
        }
        for (byte[] key : added) {
            refuseIf(!puts.add(key));
        }
    }

    private static boolean isAnyDeleted(NavigableSet<byte[]> keys, DeleteRangeRequest delete) {
        byte[] first = keys.ceiling(delete.key());
        if (first == null) {
            return false;
        }
        // An open end is one zero byte, which no key is below: that is etcd's hole.
        return delete.rangeEnd().length == 0
                ? Arrays.equals(first, delete.key())
                : Arrays.compareUnsigned(first, delete.rangeEnd()) < 0;
    }

    private static void refuseIf(boolean isDuplicate) {
        if (isDuplicate) {
            throw new StoreException(StoreError.DUPLICATE_KEY);
        }
    }
}
