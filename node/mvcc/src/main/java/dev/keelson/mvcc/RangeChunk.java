package dev.keelson.mvcc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first keys of a range.
 *
 * @param revision the store's revision, not the one that was read at
 * @param kvs the keys; in their order, or by the target that was asked for without an order
 * @param bytes what the keys take on the wire
 * @param next where the range goes on behind them, null when it ends with them
 */
public record RangeChunk(long revision, List<KeyValue> kvs, long bytes, byte @Nullable [] next) {}
