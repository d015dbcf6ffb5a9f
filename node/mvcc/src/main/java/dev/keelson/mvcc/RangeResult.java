package dev.keelson.mvcc;

import java.util.List;

/**
 * @param revision the store's revision, not the one that was read at
 * @param more whether the limit left keys out
 * @param count keys in the range, whatever limit and filters left out
 */
public record RangeResult(long revision, List<KeyValue> kvs, boolean more, long count) implements OperationResult {}
