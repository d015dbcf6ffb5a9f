package dev.keelson.mvcc;

/**
 * Deletes a key or a range of keys.
 *
 * @param rangeEnd exclusive end; empty for the single key, one zero byte for "from the key on"
 * @param prevKv answer with the keys as they were
 */
public record DeleteRangeRequest(byte[] key, byte[] rangeEnd, boolean prevKv) implements Operation {}
