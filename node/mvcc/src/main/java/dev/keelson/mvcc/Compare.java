package dev.keelson.mvcc;

/**
 * A condition on a key, or on every key of a range.
 *
 * @param rangeEnd as in {@link RangeRequest}
 * @param number what to compare with, for every target but VALUE
 * @param value what to compare with, for VALUE
 */
public record Compare(Target target, Result result, byte[] key, byte[] rangeEnd, long number, byte[] value) {

    /** What of the key is compared; in the order of etcd's numbers. */
    public enum Target {
        VERSION,
        CREATE,
        MOD,
        VALUE,
        LEASE
    }

    /** How it must compare with the operand; in the order of etcd's numbers. */
    public enum Result {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL
    }
}
