package dev.keelson.mvcc.backend;

/** The column families of a backend; each is an ordered map of byte strings, compared as unsigned bytes. */
public enum Family {
    /** User key to the live revision of the key: current reads, scans, compares. */
    KEYS,
    /** etcd's revision key to the {@code mvccpb.KeyValue} written there, byte for byte etcd's {@code key} bucket. */
    HISTORY,
    /** Ordered-escaped user key and inverted revision to a tombstone flag: reads at an old revision. */
    VERSIONS,
    /** Lease id to its time to live and what remains of it. */
    LEASES,
    /** Lease id and key to nothing: what a lease holds. */
    LEASE_KEYS,
    /** Everything that there is one of: applied index, revisions, members, alarms, sizes. */
    META;

    /** The name on disk; never changes once released. */
    public String diskName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
