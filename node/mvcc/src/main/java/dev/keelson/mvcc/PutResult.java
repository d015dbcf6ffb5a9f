package dev.keelson.mvcc;

import org.jspecify.annotations.Nullable;

/** @param prevKv the key as it was before, when it was asked for and existed */
public record PutResult(long revision, @Nullable KeyValue prevKv) implements OperationResult {}
