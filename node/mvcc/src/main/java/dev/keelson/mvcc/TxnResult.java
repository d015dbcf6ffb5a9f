package dev.keelson.mvcc;

import java.util.List;

/**
 * @param succeeded whether all compares held
 * @param results one for each operation of the branch that ran
 */
public record TxnResult(long revision, boolean succeeded, List<OperationResult> results) implements OperationResult {

    public TxnResult {
        results = List.copyOf(results);
    }
}
