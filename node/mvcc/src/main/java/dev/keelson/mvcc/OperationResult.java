package dev.keelson.mvcc;

/** The answer to an {@link Operation}. */
public sealed interface OperationResult permits PutResult, RangeResult, DeleteRangeResult, TxnResult {

    /** The store's revision when the operation was done. */
    long revision();
}
