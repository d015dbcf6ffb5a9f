package dev.keelson.mvcc;

import java.util.List;

/** @param prevKvs the deleted keys as they were, when they were asked for */
public record DeleteRangeResult(long revision, long deleted, List<KeyValue> prevKvs) implements OperationResult {}
