package dev.keelson.storage.etcdfile;

/**
 * What a history comes down to.
 *
 * @param hash what {@code HashKV} answers
 * @param compactRevision the compaction that the hash was taken above, -1 before the first
 * @param revision that it reaches to
 * @param keys that are live there
 */
public record HistoryDigest(int hash, long compactRevision, long revision, long keys) {}
