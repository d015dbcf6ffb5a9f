package dev.keelson.mvcc;

/**
 * A key as one revision left it.
 *
 * <p>The arrays are shared, not copied: nobody writes to them.
 *
 * @param createRevision main revision of the put that created the key, after the last delete
 * @param modRevision main revision of this write
 * @param version puts since the creation, 1 for the first
 * @param lease the lease it is attached to, 0 for none
 */
public record KeyValue(byte[] key, long createRevision, long modRevision, long version, byte[] value, long lease) {}
