package dev.keelson.mvcc;

/**
 * @param hash CRC-32C over the history, as etcd computes it
 * @param compactRevision the compaction it was taken above, -1 before the first
 * @param hashRevision the revision it reaches to
 */
public record HashKvResult(int hash, long compactRevision, long hashRevision) {}
