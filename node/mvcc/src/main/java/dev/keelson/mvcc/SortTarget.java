package dev.keelson.mvcc;

/** What the keys of an answer are sorted by; the constants stand in the order of etcd's numbers. */
public enum SortTarget {
    KEY,
    VERSION,
    CREATE,
    MOD,
    VALUE
}
