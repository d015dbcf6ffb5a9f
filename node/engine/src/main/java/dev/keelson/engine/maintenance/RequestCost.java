package dev.keelson.engine.maintenance;

import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.TxnRequest;
import java.util.List;

/** What a request counts for against the quota, in bytes, as etcd estimates it; 0 for what takes no space. */
public final class RequestCost {

    private static final long KEY_OVERHEAD_BYTES = 256;
    private static final long LEASE_BYTES = 64;

    private RequestCost() {}

    public static long of(Command command) {
        return switch (command) {
            case Command.Write(Operation operation) -> of(operation);
            case Command.LeaseGrant _ -> LEASE_BYTES;
            case Command.LeaseRevoke _, Command.LeaseExpire _, Command.LeaseCheckpoint _ -> 0;
            case Command.Compact _, Command.Publish _, Command.SetClusterVersion _ -> 0;
            case Command.Alarm _, Command.SetDowngrade _, Command.ChangeAuth _ -> 0;
        };
    }

    private static long of(Operation operation) {
        return switch (operation) {
            case PutRequest put -> KEY_OVERHEAD_BYTES + put.key().length + put.value().length;
            // Only one branch runs, and which one is not known yet.
            case TxnRequest txn -> Math.max(of(txn.success()), of(txn.failure()));
            case DeleteRangeRequest _, RangeRequest _ -> 0;
        };
    }

    private static long of(List<Operation> operations) {
        long cost = 0;
        for (Operation operation : operations) {
            cost += of(operation);
        }
        return cost;
    }
}
