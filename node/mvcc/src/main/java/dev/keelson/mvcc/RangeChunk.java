package dev.keelson.mvcc;

import java.util.List;

/**
 * The first keys of a range.
 *
 * @param revision the store's revision, not the one that was read at
 * @param kvs the keys, in their order
 * @param bytes what the keys take on the wire
 * @param more whether the range has keys beyond them
 */
public record RangeChunk(long revision, List<KeyValue> kvs, long bytes, boolean more) {}
