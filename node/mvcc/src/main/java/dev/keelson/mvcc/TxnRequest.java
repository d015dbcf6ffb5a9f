package dev.keelson.mvcc;

import java.util.List;

/**
 * Operations that depend on conditions, all in one revision.
 *
 * @param compares the conditions, all of which must hold for {@code success} to run
 * @param failure runs otherwise
 */
public record TxnRequest(List<Compare> compares, List<Operation> success, List<Operation> failure)
        implements Operation {

    public TxnRequest {
        compares = List.copyOf(compares);
        success = List.copyOf(success);
        failure = List.copyOf(failure);
    }

    /** Whether it consists of ranges and compares alone; a nested transaction counts as a write, as in etcd. */
    public boolean isReadOnly() {
        return allRanges(success) && allRanges(failure);
    }

    private static boolean allRanges(List<Operation> operations) {
        return operations.stream().allMatch(operation -> operation instanceof RangeRequest);
    }

    /** Whether this member's state will do for all of its ranges. */
    public boolean isSerializable() {
        return allSerializable(success) && allSerializable(failure);
    }

    private static boolean allSerializable(List<Operation> operations) {
        return operations.stream()
                .allMatch(operation -> operation instanceof RangeRequest range && range.serializable());
    }
}
